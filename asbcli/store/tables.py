"""The tables: the chained log, and the cases, people, plan and deadlines folded from it.

Moments are text, `2025-11-28` or `2025-11-28T16:40:00+00:00` in UTC: a day without a time stays a day,
and both engines and the plain driver read them alike.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, MetaData, SQLModel

from asbcli import words


class Table(SQLModel):
    """What every table shares: constraint names that migrations can rely on."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def _one_of(column: str, allowed: object) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words.choices(allowed))
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def _moment(*columns: str) -> list[CheckConstraint]:
    """A day, or a UTC instant: nothing else sorts and compares right."""
    return [
        CheckConstraint(
            f"{column} LIKE '____-__-__' OR {column} LIKE '____-__-__T__:__:__+00:00'", name=f"{column}_moment"
        )
        for column in columns
    ]


def _text(**kwargs: Any) -> Any:
    return Column(Text, **kwargs)


class EntryRow(Table, table=True):
    """A log entry's header: chained, and free of personal data, so that it stands when its body is erased."""

    __tablename__ = "entries"
    __table_args__ = (
        *_moment("happened"),
        Index("ix_entries_case_number_seq", "case_number", "seq"),
    )

    seq: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    case_number: int | None = None
    kind: str
    happened: str
    recorded_at: str
    actor: str
    body_hash: str
    previous: str
    hash: str = Field(unique=True)


class BodyRow(Table, table=True):
    """What an entry says, with the salt of its hash; erasing nulls both."""

    __tablename__ = "bodies"
    __table_args__ = (CheckConstraint("(salt IS NULL) = (body IS NULL)", name="erased_whole"),)

    seq: int = Field(primary_key=True, foreign_key="entries.seq")
    salt: str | None = None
    body: str | None = Field(default=None, sa_column=_text())


class RemnantRow(Table, table=True):
    """What an erased entry still counts as: its kind's own words, nothing that anybody typed."""

    __tablename__ = "remnants"

    seq: int = Field(primary_key=True, foreign_key="entries.seq")
    body: str = Field(sa_column=_text(nullable=False))


class ProcedureRow(Table, table=True):
    """A procedure adopted: what it says, under its digest."""

    __tablename__ = "procedures"

    key: str = Field(primary_key=True)
    title: str
    in_force_from: str
    digest: str
    content: str = Field(sa_column=_text(nullable=False))
    adopted: int = Field(foreign_key="entries.seq")


class RuleRow(Table, table=True):
    """A rule as lists print it: its title, its clause, how strongly it binds."""

    __tablename__ = "rules"
    __table_args__ = (_one_of("strength", words.Strength),)

    procedure: str = Field(primary_key=True, foreign_key="procedures.key")
    rule: str = Field(primary_key=True)
    title: str
    source: str
    clause: str
    strength: str


class CaseRow(Table, table=True):
    """A case as it stands."""

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'closed')", name="status"),
        CheckConstraint("(status = 'closed') = (closed IS NOT NULL)", name="closed_with_date"),
        _one_of("definition", words.Definition),
        CheckConstraint("priority <> ''", name="priority"),
        *_moment("received", "date_completed", "final_letter_sent", "closed"),
        Index("ix_cases_status_officer", "status", "officer"),
    )

    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    status: str
    priority: str
    definition: str
    summary: str = Field(sa_column=_text(nullable=False))
    received: str
    recorded_at: str
    officer: str
    procedure: str = Field(foreign_key="procedures.key")
    channel: str | None = None
    reporter: str | None = None
    anonymous: bool = False
    address: str | None = None
    place: str | None = None
    outcome: str | None = None
    date_completed: str | None = None
    final_letter_sent: str | None = None
    closed: str | None = None
    last_entry: int = Field(foreign_key="entries.seq")


class LabelRow(Table, table=True):
    """A category or a flag of a case, in the order they stand."""

    __tablename__ = "labels"
    __table_args__ = (
        CheckConstraint("family IN ('category', 'flag')", name="family"),
        Index("ix_labels_family_label", "family", "label", "case_number"),
    )

    case_number: int = Field(primary_key=True, foreign_key="cases.number")
    family: str = Field(primary_key=True)
    label: str = Field(primary_key=True)
    place: int


class PersonRow(Table, table=True):
    """Someone in a case; the id is the register's, so the same person keeps it across linked cases."""

    __tablename__ = "people"
    __table_args__ = (_one_of("tenure", words.Tenure), _one_of("tenancy", words.Tenancy))

    case_number: int = Field(primary_key=True, foreign_key="cases.number")
    person: int = Field(primary_key=True, index=True)
    name: str
    name_key: str = Field(index=True)  # how it is compared; nothing where the name was erased
    tenure: str | None = None
    tenancy: str | None = None
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    prefers: str | None = None
    needs: str | None = Field(default=None, sa_column=_text())
    adjustments: str | None = Field(default=None, sa_column=_text())
    interpreter: str | None = None
    companion: str | None = None
    investigator: str | None = None
    identity_checked: str | None = None
    safe_address: str | None = None
    safe_times: str | None = None
    do_not: str = Field(default="[]", sa_column=_text(nullable=False))


class AliasRow(Table, table=True):
    """Another name of someone in a case: one they were given before, or of each where two were named together."""

    __tablename__ = "aliases"
    __table_args__ = (ForeignKeyConstraint(["case_number", "person"], ["people.case_number", "people.person"]),)

    case_number: int = Field(primary_key=True)
    person: int = Field(primary_key=True)
    name_key: str = Field(primary_key=True, index=True)
    name: str


class RoleRow(Table, table=True):
    """A role someone has in a case, and since when they are known in it."""

    __tablename__ = "person_roles"
    __table_args__ = (
        ForeignKeyConstraint(["case_number", "person"], ["people.case_number", "people.person"]),
        _one_of("role", words.Role),
        *_moment("identified"),
    )

    case_number: int = Field(primary_key=True)
    person: int = Field(primary_key=True)
    role: str = Field(primary_key=True)
    identified: str


class IncidentRow(Table, table=True):
    """One incident: when it happened, when it was reported."""

    __tablename__ = "incidents"
    __table_args__ = (*_moment("happened", "received"),)

    seq: int = Field(primary_key=True, foreign_key="entries.seq")
    case_number: int = Field(foreign_key="cases.number", index=True)
    happened: str | None = None
    received: str
    text: str = Field(sa_column=_text(nullable=False))
    place: str | None = None


class ActionRow(Table, table=True):
    """One action of a plan."""

    __tablename__ = "actions"
    __table_args__ = (*_moment("due", "done"),)

    case_number: int = Field(primary_key=True, foreign_key="cases.number")
    item: str = Field(primary_key=True)
    text: str = Field(sa_column=_text(nullable=False))
    who: str | None = None
    due: str | None = None
    resolving: bool = False
    done: str | None = None


class EvidenceRow(Table, table=True):
    """A file kept as evidence, under the hash of what it holds; its name is data only."""

    __tablename__ = "evidence"

    seq: int = Field(primary_key=True, foreign_key="entries.seq")
    case_number: int = Field(foreign_key="cases.number", index=True)
    digest: str = Field(index=True)
    size: int = Field(sa_column=Column(BigInteger, nullable=False))
    name: str
    taken: str
    text: str | None = Field(default=None, sa_column=_text())


class LinkRow(Table, table=True):
    """Two cases that belong together; each side has its row."""

    __tablename__ = "links"
    __table_args__ = (_one_of("kind", words.LinkKind),)

    case_number: int = Field(primary_key=True, foreign_key="cases.number")
    other: int = Field(primary_key=True)
    kind: str = Field(primary_key=True)


class DeadlineRow(Table, table=True):
    """A deadline: what started it, when it is due, what met or ended it. Overdue is read off, never stored."""

    __tablename__ = "deadlines"
    __table_args__ = (
        UniqueConstraint("case_number", "rule", "person", "item", "occurrence"),
        ForeignKeyConstraint(["procedure", "rule"], ["rules.procedure", "rules.rule"]),
        *_moment("started", "due", "overdue_after", "met", "ended"),
        Index(
            "ix_deadlines_open",
            "officer",
            "act_by",
            sqlite_where=text("met IS NULL AND ended IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_number: int | None = Field(default=None, foreign_key="cases.number")
    procedure: str
    rule: str
    person: int = 0
    item: str = ""
    occurrence: int
    started: str
    within: str | None = None
    due: str | None = None
    act_by: str | None = None
    overdue_after: str | None = None
    met: str | None = None
    ended: str | None = None
    officer: str | None = None
    notes: str = ""
    reason: str | None = Field(default=None, sa_column=_text())
    lacking: str = ""


class CalendarRow(Table, table=True):
    """A day that is not like its weekday: a bank holiday, or one the landlord closed or opened."""

    __tablename__ = "calendar"
    __table_args__ = (CheckConstraint("kind IN ('holiday', 'closed', 'open')", name="kind"),)

    day: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    title: str


class ImportRow(Table, table=True):
    """A report that came in with another system's reference, and what it said then."""

    __tablename__ = "imports"

    external_ref: str = Field(primary_key=True)
    case_number: int = Field(foreign_key="cases.number")
    digest: str


class RegisterRow(Table, table=True):
    """What the register knows of itself: the last day of published holidays, the secret of calendar files."""

    __tablename__ = "register"

    name: str = Field(primary_key=True)
    value: str
