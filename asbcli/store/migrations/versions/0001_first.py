"""The first schema: the chained log, and the tables folded from it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# The log only ever grows. A body may be erased whole (basis and approver are an entry of their own).
TRIGGERS = (
    "CREATE TRIGGER entries_stay BEFORE UPDATE ON entries "
    "BEGIN SELECT RAISE(ABORT, 'a log entry is never changed'); END",
    "CREATE TRIGGER entries_kept BEFORE DELETE ON entries "
    "BEGIN SELECT RAISE(ABORT, 'a log entry is never deleted'); END",
    "CREATE TRIGGER bodies_kept BEFORE DELETE ON bodies BEGIN SELECT RAISE(ABORT, 'a log entry is never deleted'); END",
    "CREATE TRIGGER bodies_stay BEFORE UPDATE ON bodies "
    "WHEN NEW.seq <> OLD.seq OR NEW.body IS NOT NULL OR NEW.salt IS NOT NULL "
    "BEGIN SELECT RAISE(ABORT, 'a log entry is never changed'); END",
)


def upgrade() -> None:
    """Make every table, and the triggers that keep the log."""
    op.create_table(
        "calendar",
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('holiday', 'closed', 'open')", name=op.f("ck_calendar_kind")),
        sa.PrimaryKeyConstraint("day", "kind", name=op.f("pk_calendar")),
    )
    op.create_table(
        "entries",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("case_number", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("happened", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("body_hash", sa.String(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.CheckConstraint(
            "happened LIKE '____-__-__' OR happened LIKE '____-__-__T__:__:__+00:00'",
            name=op.f("ck_entries_happened_moment"),
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_entries")),
        sa.UniqueConstraint("hash", name=op.f("uq_entries_hash")),
    )
    op.create_index("ix_entries_case_number_seq", "entries", ["case_number", "seq"], unique=False)
    op.create_table(
        "register",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_register")),
    )
    op.create_table(
        "bodies",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.CheckConstraint("(salt IS NULL) = (body IS NULL)", name=op.f("ck_bodies_erased_whole")),
        sa.ForeignKeyConstraint(["seq"], ["entries.seq"], name=op.f("fk_bodies_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_bodies")),
    )
    op.create_table(
        "procedures",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("in_force_from", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("adopted", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["adopted"], ["entries.seq"], name=op.f("fk_procedures_adopted")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_procedures")),
    )
    op.create_table(
        "remnants",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["entries.seq"], name=op.f("fk_remnants_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_remnants")),
    )
    op.create_table(
        "cases",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("definition", sa.String(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("received", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("procedure", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("reporter", sa.String(), nullable=True),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("date_completed", sa.String(), nullable=True),
        sa.Column("final_letter_sent", sa.String(), nullable=True),
        sa.Column("closed", sa.String(), nullable=True),
        sa.Column("last_entry", sa.Integer(), nullable=False),
        sa.CheckConstraint("(status = 'closed') = (closed IS NOT NULL)", name=op.f("ck_cases_closed_with_date")),
        sa.CheckConstraint(
            "closed LIKE '____-__-__' OR closed LIKE '____-__-__T__:__:__+00:00'", name=op.f("ck_cases_closed_moment")
        ),
        sa.CheckConstraint(
            "date_completed LIKE '____-__-__' OR date_completed LIKE '____-__-__T__:__:__+00:00'",
            name=op.f("ck_cases_date_completed_moment"),
        ),
        sa.CheckConstraint("definition IN ('personal', 'nuisance', 'environmental')", name=op.f("ck_cases_definition")),
        sa.CheckConstraint(
            "final_letter_sent LIKE '____-__-__' OR final_letter_sent LIKE '____-__-__T__:__:__+00:00'",
            name=op.f("ck_cases_final_letter_sent_moment"),
        ),
        sa.CheckConstraint("priority <> ''", name=op.f("ck_cases_priority")),
        sa.CheckConstraint(
            "received LIKE '____-__-__' OR received LIKE '____-__-__T__:__:__+00:00'",
            name=op.f("ck_cases_received_moment"),
        ),
        sa.CheckConstraint("status IN ('open', 'closed')", name=op.f("ck_cases_status")),
        sa.ForeignKeyConstraint(["last_entry"], ["entries.seq"], name=op.f("fk_cases_last_entry")),
        sa.ForeignKeyConstraint(["procedure"], ["procedures.key"], name=op.f("fk_cases_procedure")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_cases")),
    )
    op.create_index("ix_cases_status_officer", "cases", ["status", "officer"], unique=False)
    op.create_table(
        "rules",
        sa.Column("procedure", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("strength", sa.String(), nullable=False),
        sa.CheckConstraint("strength IN ('must', 'should', 'may', 'guideline')", name=op.f("ck_rules_strength")),
        sa.ForeignKeyConstraint(["procedure"], ["procedures.key"], name=op.f("fk_rules_procedure")),
        sa.PrimaryKeyConstraint("procedure", "rule", name=op.f("pk_rules")),
    )
    op.create_table(
        "actions",
        sa.Column("case_number", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("who", sa.String(), nullable=True),
        sa.Column("due", sa.String(), nullable=True),
        sa.Column("resolving", sa.Boolean(), nullable=False),
        sa.Column("done", sa.String(), nullable=True),
        sa.CheckConstraint(
            "done LIKE '____-__-__' OR done LIKE '____-__-__T__:__:__+00:00'", name=op.f("ck_actions_done_moment")
        ),
        sa.CheckConstraint(
            "due LIKE '____-__-__' OR due LIKE '____-__-__T__:__:__+00:00'", name=op.f("ck_actions_due_moment")
        ),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_actions_case_number")),
        sa.PrimaryKeyConstraint("case_number", "item", name=op.f("pk_actions")),
    )
    op.create_table(
        "deadlines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_number", sa.Integer(), nullable=True),
        sa.Column("procedure", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("started", sa.String(), nullable=False),
        sa.Column("within", sa.String(), nullable=True),
        sa.Column("due", sa.String(), nullable=True),
        sa.Column("act_by", sa.String(), nullable=True),
        sa.Column("overdue_after", sa.String(), nullable=True),
        sa.Column("met", sa.String(), nullable=True),
        sa.Column("ended", sa.String(), nullable=True),
        sa.Column("officer", sa.String(), nullable=True),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("lacking", sa.String(), nullable=False),
        sa.CheckConstraint(
            "due LIKE '____-__-__' OR due LIKE '____-__-__T__:__:__+00:00'", name=op.f("ck_deadlines_due_moment")
        ),
        sa.CheckConstraint(
            "ended LIKE '____-__-__' OR ended LIKE '____-__-__T__:__:__+00:00'", name=op.f("ck_deadlines_ended_moment")
        ),
        sa.CheckConstraint(
            "met LIKE '____-__-__' OR met LIKE '____-__-__T__:__:__+00:00'", name=op.f("ck_deadlines_met_moment")
        ),
        sa.CheckConstraint(
            "overdue_after LIKE '____-__-__' OR overdue_after LIKE '____-__-__T__:__:__+00:00'",
            name=op.f("ck_deadlines_overdue_after_moment"),
        ),
        sa.CheckConstraint(
            "started LIKE '____-__-__' OR started LIKE '____-__-__T__:__:__+00:00'",
            name=op.f("ck_deadlines_started_moment"),
        ),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_deadlines_case_number")),
        sa.ForeignKeyConstraint(
            ["procedure", "rule"], ["rules.procedure", "rules.rule"], name=op.f("fk_deadlines_procedure_rule")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadlines")),
        sa.UniqueConstraint(
            "case_number",
            "rule",
            "person",
            "item",
            "occurrence",
            name=op.f("uq_deadlines_case_number_rule_person_item_occurrence"),
        ),
    )
    op.create_index(
        "ix_deadlines_open",
        "deadlines",
        ["officer", "act_by"],
        unique=False,
        sqlite_where=sa.text("met IS NULL AND ended IS NULL"),
    )
    op.create_table(
        "evidence",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("case_number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("taken", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_evidence_case_number")),
        sa.ForeignKeyConstraint(["seq"], ["entries.seq"], name=op.f("fk_evidence_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_case_number"), "evidence", ["case_number"], unique=False)
    op.create_index(op.f("ix_evidence_digest"), "evidence", ["digest"], unique=False)
    op.create_table(
        "imports",
        sa.Column("external_ref", sa.String(), nullable=False),
        sa.Column("case_number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_imports_case_number")),
        sa.PrimaryKeyConstraint("external_ref", name=op.f("pk_imports")),
    )
    op.create_table(
        "incidents",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("case_number", sa.Integer(), nullable=False),
        sa.Column("happened", sa.String(), nullable=True),
        sa.Column("received", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("place", sa.String(), nullable=True),
        sa.CheckConstraint(
            "happened LIKE '____-__-__' OR happened LIKE '____-__-__T__:__:__+00:00'",
            name=op.f("ck_incidents_happened_moment"),
        ),
        sa.CheckConstraint(
            "received LIKE '____-__-__' OR received LIKE '____-__-__T__:__:__+00:00'",
            name=op.f("ck_incidents_received_moment"),
        ),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_incidents_case_number")),
        sa.ForeignKeyConstraint(["seq"], ["entries.seq"], name=op.f("fk_incidents_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_incidents")),
    )
    op.create_index(op.f("ix_incidents_case_number"), "incidents", ["case_number"], unique=False)
    op.create_table(
        "labels",
        sa.Column("case_number", sa.Integer(), nullable=False),
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.CheckConstraint("family IN ('category', 'flag')", name=op.f("ck_labels_family")),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_labels_case_number")),
        sa.PrimaryKeyConstraint("case_number", "family", "label", name=op.f("pk_labels")),
    )
    op.create_index("ix_labels_family_label", "labels", ["family", "label", "case_number"], unique=False)
    op.create_table(
        "links",
        sa.Column("case_number", sa.Integer(), nullable=False),
        sa.Column("other", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('reopened-from', 'reopened-as', 'other-definition', 'related')", name=op.f("ck_links_kind")
        ),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_links_case_number")),
        sa.PrimaryKeyConstraint("case_number", "other", "kind", name=op.f("pk_links")),
    )
    op.create_table(
        "people",
        sa.Column("case_number", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("tenure", sa.String(), nullable=True),
        sa.Column("tenancy", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("prefers", sa.String(), nullable=True),
        sa.Column("needs", sa.Text(), nullable=True),
        sa.Column("adjustments", sa.Text(), nullable=True),
        sa.Column("interpreter", sa.String(), nullable=True),
        sa.Column("companion", sa.String(), nullable=True),
        sa.Column("investigator", sa.String(), nullable=True),
        sa.Column("identity_checked", sa.String(), nullable=True),
        sa.Column("safe_address", sa.String(), nullable=True),
        sa.Column("safe_times", sa.String(), nullable=True),
        sa.Column("do_not", sa.Text(), nullable=False),
        sa.CheckConstraint("tenancy IN ('sole', 'joint', 'none', 'unknown')", name=op.f("ck_people_tenancy")),
        sa.CheckConstraint(
            "tenure IN ('own-tenant', 'other-landlord', 'private-tenant', 'owner-occupier', 'unknown')",
            name=op.f("ck_people_tenure"),
        ),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_people_case_number")),
        sa.PrimaryKeyConstraint("case_number", "person", name=op.f("pk_people")),
    )
    op.create_index(op.f("ix_people_name_key"), "people", ["name_key"], unique=False)
    op.create_index(op.f("ix_people_person"), "people", ["person"], unique=False)
    op.create_table(
        "aliases",
        sa.Column("case_number", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_number", "person"],
            ["people.case_number", "people.person"],
            name=op.f("fk_aliases_case_number_person"),
        ),
        sa.PrimaryKeyConstraint("case_number", "person", "name_key", name=op.f("pk_aliases")),
    )
    op.create_index(op.f("ix_aliases_name_key"), "aliases", ["name_key"], unique=False)
    op.create_table(
        "person_roles",
        sa.Column("case_number", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("identified", sa.String(), nullable=False),
        sa.CheckConstraint(
            "identified LIKE '____-__-__' OR identified LIKE '____-__-__T__:__:__+00:00'",
            name=op.f("ck_person_roles_identified_moment"),
        ),
        sa.CheckConstraint(
            "role IN ('victim', 'complainant', 'witness', 'perpetrator', 'third-party')",
            name=op.f("ck_person_roles_role"),
        ),
        sa.ForeignKeyConstraint(
            ["case_number", "person"],
            ["people.case_number", "people.person"],
            name=op.f("fk_person_roles_case_number_person"),
        ),
        sa.PrimaryKeyConstraint("case_number", "person", "role", name=op.f("pk_person_roles")),
    )
    for trigger in TRIGGERS:
        op.execute(trigger)
