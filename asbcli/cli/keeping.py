"""Keeping the register: backups and back, up to date, out and in whole; evidence, retention and erasure."""

from __future__ import annotations

import re
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from asbcli.cli import ask
from asbcli.cli.desk import Desk
from asbcli.cli.documents import written
from asbcli.cli.reading import AsCsv, AsJson, Raw, look_at, show_rows
from asbcli.cli.reading import Because as WhyLookedAt
from asbcli.cli.show import Column, json_out, table, visible
from asbcli.dates import parse_when
from asbcli.errors import BadInput, DatabaseUnusable
from asbcli.forms.answers import read_case, read_plain
from asbcli.incoming import lines, opener, path_of
from asbcli.moments import Moment
from asbcli.store import read

if TYPE_CHECKING:
    from asbcli.casework.telling import Recorded
    from asbcli.store.evidence import Copied

_TENANCY = re.compile(r"[Tt][0-9]{1,9}")
Case = Annotated[str, typer.Argument(metavar="N", help="the case: 17 or ASB-17")]
At = Annotated[str | None, typer.Option(metavar="WHEN", help="when it happened (default: now)")]
Because = Annotated[str | None, typer.Option(metavar="TEXT", help="the reason (needed)")]
IfLast = Annotated[int | None, typer.Option(metavar="SEQ", help="only if this is still the case's last entry")]
Encrypt = Annotated[bool, typer.Option("--encrypt", help="a register that needs its key to be read: asb init --help")]


def tell_recorded(desk: Desk, recorded: Recorded, *, as_json: bool) -> None:
    """Tell a change of a case as the verbs do."""
    desk.saved = recorded.ref
    for warning in recorded.warnings:
        desk.tell(f"warning: {warning}")
    line = recorded.ref if desk.quiet else visible(recorded.line, keep="\n")
    desk.say(json_out(recorded.shape) if as_json else f"{line}\n")


def _needed(**flags: Any) -> None:
    missing = [f"--{name.replace('_', '-')}" for name, value in flags.items() if not value]
    if missing:
        raise BadInput(f"missing: {', '.join(missing)}", "each takes a text")


def _texts(**given: str | None) -> dict[str, str]:
    """The texts as they may be stored. Raises BadInput."""
    return {name: read_plain(f"--{name.replace('_', '-')}", text) for name, text in given.items() if text is not None}


# -- copies


def backup(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="where the copy goes")],
    replace: Annotated[bool, typer.Option("--replace", help="in place of the file that is there")] = False,
    as_json: AsJson = False,
) -> None:
    """A copy of the register, read back whole; beside it its evidence and the list of what was erased."""
    from asbcli.store.backup import back_up

    desk: Desk = ctx.obj
    target, tell = _target(file), desk.paced()
    assert desk.register, "its faults, and who can read it, are told as everywhere"
    desk.leave_register()
    try:
        if target.exists() and target.samefile(desk.settings.path):
            raise BadInput("that is the register itself", "name another file")
        head, copied = back_up(
            desk.settings.path.absolute(),
            target,
            now=desk.now(),
            replace=replace,
            progress=tell,
            before_naming=desk.hold_interrupts,
        )
    except FileExistsError:
        raise BadInput(f"there is already a file at {target}", "--replace puts the backup in its place") from None
    except OSError as fault:
        raise DatabaseUnusable(
            f"{target} cannot be written ({fault.strerror}); nothing was saved", "check the folder and its space"
        ) from None
    desk.saved = str(target)
    _tell_copied(desk, copied)
    desk.say(
        json_out({"file": str(target), "entries": head.seq, "head": str(head)})
        if as_json
        else f"{head.seq} entries are in {visible(str(target))}, read back whole; head {head}\n"
    )
    desk.tell("next: keep the folder, with its list of erasures, on another disk; note the head elsewhere")


def _tell_copied(desk: Desk, copied: Copied) -> None:
    for digest in copied.lacking:
        desk.tell(f"warning: evidence {digest} is missing or altered, and was not copied: asb verify")
    for digest in copied.mended:
        desk.tell(f"warning: evidence {digest} had been altered where it was copied to: it is put right, what it was "
                  "altered to is set aside")


def _tell_erased(desk: Desk, entries: list[int]) -> None:
    if entries:
        desk.tell(f"erased again, as the list says: entries {', '.join(map(str, entries))}")


def _target(file: str) -> Path:
    return path_of(file).absolute()


def restore(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="the backup")],
    erasures: Annotated[
        str | None, typer.Option(metavar="FILE", help="the list of erasures, where it is not beside the backup")
    ] = None,
    nothing_erased: Annotated[
        bool, typer.Option("--nothing-erased", help="there is no such list, because nothing was erased")
    ] = False,
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="what was recorded after the backup may go")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring a backup into place: looked through first, erased again as its list says; the present file goes aside."""
    from asbcli.casework.restoring import cases_of
    from asbcli.casework.restoring import restore as bring
    from asbcli.store.door import is_encrypted

    desk: Desk = ctx.obj
    try:
        done = bring(
            desk.settings.path.absolute(),
            _target(file),
            actor=desk.settings.acting.value,
            now=desk.now,
            erasures=_target(erasures) if erasures else None,
            nothing_erased=nothing_erased,
            accept_loss=accept_loss,
            progress=desk.paced(),
            before_exchange=desk.hold_interrupts,
        )
    except OSError as fault:
        raise DatabaseUnusable(
            f"the backup cannot be brought into place ({fault.strerror}); nothing was changed",
            "check the folder and its space",
        ) from None
    desk.saved = "the restored register"
    _tell_copied(desk, done.evidence)
    _tell_erased(desk, done.erased)
    if done.aside:
        beside = ", with evidence that only it knows beside it" if done.evidence_aside else ""
        desk.tell(f"the file that was there is now {visible(str(done.aside))}{beside}")
        if done.loss.entries > 0:
            desk.tell(f"warning: {done.loss.entries} entries stand in it alone ({cases_of(done.loss)})")
        if done.left:
            desk.tell(f"warning: {visible(done.left)}")
        if is_encrypted(done.aside) and not is_encrypted(desk.settings.path):
            desk.tell("warning: it was encrypted, and the backup is not: asb encrypt")
    desk.say(
        json_out(
            {
                "file": str(desk.settings.path),
                "head": str(done.head),
                "erased": done.erased,
                "aside": str(done.aside) if done.aside else None,
            }
        )
        if as_json
        else f"{visible(str(desk.settings.path))} stands as in the backup, {done.head.seq} entries; head {done.head}\n"
    )
    desk.tell("next: asb migrate" if done.old_schema else "next: asb verify")


def migrate(ctx: typer.Context) -> None:
    """Bring a register of an older asb up to date, after a verified backup beside it."""
    from asbcli.store.backup import back_up
    from asbcli.store.migrate import bring_up_to_date, schema_of

    desk: Desk = ctx.obj
    path = desk.settings.path
    schema = schema_of(path)
    if schema is None:
        desk.say(f"{visible(str(path))} is up to date\n")
        return
    copy = path.absolute().with_name(f"{path.name}.schema-{schema}-{desk.now():%Y%m%dT%H%M%S}")
    back_up(path.absolute(), copy, now=desk.now())
    desk.tell(f"a verified copy of it as it was is {visible(str(copy))}")
    bring_up_to_date(path, before_commit=desk.hold_interrupts)
    desk.say(f"{visible(str(path))} is up to date\n")


def dump(ctx: typer.Context, file: Annotated[str, typer.Argument(metavar="FILE|-", help="where the lines go")]) -> None:
    """The whole register as JSON Lines, for asb load; evidence files stay where they are."""
    from asbcli.store.door import encrypts
    from asbcli.store.dump import dump as lines_of

    desk: Desk = ctx.obj
    if encrypts(desk.register):
        desk.tell("warning: the lines are not encrypted: whoever gets them reads the whole register")
    with written(desk, file) as out:
        for line in desk.counting(lines_of(desk.register), "rows"):
            out.write(line)
    if file != "-":
        desk.saved = file
        desk.say(f"dumped to {visible(file)}\n")


def load(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="what asb dump wrote")],
    encrypt: Encrypt = False,
) -> None:
    """A new register, made of a dump and looked through before it is there."""
    from asbcli.casework.restoring import load as bring
    from asbcli.store.dump import LONGEST_LINE
    from asbcli.store.read import refuse_taken

    desk: Desk = ctx.obj
    try:
        opened = (
            nullcontext(sys.stdin)
            if file == "-"
            else open(  # noqa: SIM115 - with, below
                _target(file), encoding="utf-8", errors="surrogateescape", newline="\n", opener=opener
            )
        )
    except OSError as fault:
        raise BadInput(f"{file} cannot be read: {fault.strerror}", "asb load FILE") from None
    with opened as written_out:
        if written_out is None:
            raise BadInput("there is nothing to read: stdin is closed", "asb load FILE")
        refuse_taken(desk.settings.path)  # before a key is made for nothing
        head, erased = bring(
            desk.settings.path.absolute(),
            desk.counting(lines(written_out, LONGEST_LINE), "rows"),
            actor=desk.settings.acting.value,
            now=desk.now,
            encrypted=desk.will_encrypt(encrypt),
            progress=desk.paced(),
            before_naming=desk.hold_interrupts,
        )
    desk.saved = str(desk.settings.path)
    _tell_erased(desk, erased)
    desk.say(f"{head.seq} entries are in {visible(str(desk.settings.path))}; head {head}\n")


def encrypt(
    ctx: typer.Context,
    undo: Annotated[bool, typer.Option("--undo", help="write an encrypted register anew as a plain one")] = False,
) -> None:
    """Write a plain register anew, encrypted; looked through before it takes its place, the plain file goes aside.

    The key is in the file that ASB_KEY_FILE names, in the keyring under the name ASB_KEYRING, and is made there if
    there is none; with neither you type it each time. Evidence and earlier backups stay as they are.
    """
    from asbcli.casework.encrypting import refuse_if_so, write_anew
    from asbcli.store.backup import backups_of
    from asbcli.store.door import is_encrypted

    desk: Desk = ctx.obj
    path = desk.settings.path.absolute()
    refuse_if_so(path, encrypted=not undo)  # before a key is made for nothing
    if not undo:
        desk.will_encrypt(True)
    head, aside = write_anew(
        path, encrypted=not undo, now=desk.now, progress=desk.paced(), before_exchange=desk.hold_interrupts
    )
    kind, shown = "plain again" if undo else "encrypted", visible(str(aside))
    desk.say(f"{visible(str(path))} is {kind}, {head.seq} entries; head {head}\n")
    if undo:
        desk.tell(f"the encrypted file is now {shown}")
    else:
        desk.tell(f"warning: the plain file is now {shown}: remove it once asb verify and asb backup have passed")
        for each in backups_of(path):
            if not is_encrypted(Path(each.file)):
                desk.tell(f"warning: the backup {visible(each.file)} was made before, and is plain")
    desk.tell("next: asb verify")


# -- evidence


def evidence(
    ctx: typer.Context,
    case: Case,
    step: Annotated[str, typer.Argument(metavar="add|list|export", help="what to do")] = "list",
    what: Annotated[
        str | None, typer.Argument(metavar="FILE|ENTRY", help="the file to add, or the entry to export")
    ] = None,
    text: Annotated[str | None, typer.Option(metavar="TEXT", help="what it shows")] = None,
    at: At = None,
    out: Annotated[str | None, typer.Option(metavar="FILE", help="where an exported copy goes")] = None,
    because: WhyLookedAt = None,
    if_last: IfLast = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Files kept as evidence, each under the hash (SHA-256) of what it holds; asb verify reads them all."""
    desk: Desk = ctx.obj
    number = read_case(case)
    if step == "list":
        look_at(desk, number, because)
        _list_evidence(desk, number, as_json=as_json, as_csv=as_csv)
    elif step == "add":
        _needed(file=what)
        _add_evidence(desk, number, what or "", text, at, if_last, as_json=as_json)
    elif step == "export":
        _needed(entry=what, out=out)
        look_at(desk, number, because)
        _export_evidence(desk, number, what or "", out or "")
    else:
        raise BadInput(f"{step[:20]!r} is none of add, list, export", "asb evidence N add FILE")


def _list_evidence(desk: Desk, number: int, *, as_json: bool, as_csv: bool) -> None:
    from asbcli.store import read

    rows = read.show(desk.register, number, desk.now())["evidence"]
    columns = [
        Column("entry", True),
        Column("taken", True),
        Column("name"),
        Column("bytes"),
        Column("SHA-256"),
        Column("what it shows"),
    ]
    lines = [
        (
            str(row["entry"]),
            (row["taken_at"] or "")[:16].replace("T", " "),
            row["name"],
            f"{row['bytes']:,}",
            row["sha256"],
            row["text"] or "",
        )
        for row in rows
    ]
    show_rows(
        desk,
        rows,
        ("entry", "name", "sha256", "bytes", "taken_at", "text"),
        lambda: table(lines, columns, desk.screen),
        as_json=as_json,
        as_csv=as_csv,
    )


def _add_evidence(
    desk: Desk, number: int, file: str, text: str | None, at: str | None, if_last: int | None, *, as_json: bool
) -> None:
    from asbcli.casework.exhibits import add_evidence

    tell = desk.paced()
    path = _target(file)
    done = add_evidence(
        desk.office(),
        case=number,
        file=path,
        name=read_plain("FILE", path.name),
        at=_past(desk, at),
        if_last=if_last,
        progress=lambda size: tell(f"{size:,} bytes"),
        **_texts(text=text),
    )
    tell_recorded(desk, done, as_json=as_json)


def _export_evidence(desk: Desk, number: int, entry: str, out: str) -> None:
    from asbcli.store import evidence as files
    from asbcli.store import read

    rows = read.show(desk.register, number, desk.now())["evidence"]
    found = next((row for row in rows if str(row["entry"]) == entry), None)
    if found is None:
        raise BadInput(f"ASB-{number} has no evidence of entry {entry[:20]}", f"asb evidence {number} list")
    files.export(files.folder_of(desk.settings.path.absolute()), found["sha256"], _target(out))
    desk.saved = out
    desk.say(f"{visible(out)}: SHA-256 {found['sha256']}\n")


def _past(desk: Desk, text: str | None) -> Moment | None:
    return parse_when(text, now=desk.now(), toward="past") if text else None


# -- retention and erasure


def retention(
    ctx: typer.Context,
    step: Annotated[str, typer.Argument(metavar="[list|hold|release|keep]", help="what to do")] = "list",
    case: Annotated[str | None, typer.Argument(metavar="[N]", help="the case")] = None,
    because: Because = None,
    until: Annotated[str | None, typer.Option(metavar="WHEN", help="with keep: until that day")] = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    raw: Raw = False,
) -> None:
    """Closed cases due for review by the landlord's own periods ([retention] in config.toml). A person decides: redact,
    keep, or hold for a court, which stops any erasure."""
    desk: Desk = ctx.obj
    if step == "list":
        _list_retention(desk, as_json=as_json, as_csv=as_csv, raw=raw)
    elif step in ("hold", "release", "keep"):
        from asbcli.casework.retention import decide

        if case and not because and desk.at_terminal:
            because = ask.reason(desk)
        _needed(N=case, because=because, **({"until": until} if step == "keep" else {}))
        day = parse_when(until, now=desk.now(), toward="future") if until else None
        done = decide(desk.office(), case=read_case(case or ""), step=step, until=day, **_texts(because=because))
        tell_recorded(desk, done, as_json=as_json)
    else:
        raise BadInput(f"{step[:20]!r} is none of list, hold, release, keep", "asb retention")


def _list_retention(desk: Desk, *, as_json: bool, as_csv: bool, raw: bool) -> None:
    from asbcli.casework.retention import COLUMNS, due_for_review, periods_of

    periods = periods_of(desk.settings.retention)
    if not periods:
        desk.tell(
            f"warning: no periods are set: every closed case is listed; [retention] in {desk.settings.config.value}, "
            'such as default = "6 years"'
        )
    closed = desk.counting(read.cases(desk.register, status="closed"), "closed cases")
    rows = list(due_for_review(desk.register, closed, periods, desk.now().date()))
    columns = [
        Column("case", True),
        Column("closed", True),
        Column("review due", True),
        Column("period"),
        Column("held"),
        Column("outcome"),
    ]
    lines = [
        (
            row["ref"],
            (row["closed_at"] or "")[:10],
            row["review_due"] or ("" if row["period"] else "no period"),
            row["period"] or "",
            "for a court" if row["held"] else "",
            row["outcome"] or "",
        )
        for row in rows
    ]
    show_rows(desk, rows, COLUMNS, lambda: table(lines, columns, desk.screen), as_json=as_json, as_csv=as_csv, raw=raw)


def redact(
    ctx: typer.Context,
    case: Annotated[str, typer.Argument(metavar="N", help="the case: 17 or ASB-17; or a tenancy: T3")],
    entries: Annotated[
        list[str] | None, typer.Argument(metavar="ENTRY...", help="the entries, as asb history N numbers them")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="every entry of the case, or of the tenancy")] = False,
    basis: Annotated[
        str | None, typer.Option(metavar="TEXT", help="on what basis (needed; it stays: name nobody in it)")
    ] = None,
    approved_by: Annotated[str | None, typer.Option(metavar="NAME", help="who approved it (needed)")] = None,
    if_last: IfLast = None,
    as_json: AsJson = False,
) -> None:
    """Erase what entries say, for good: kind, moment and author stay, and the log stays whole. It cannot be undone."""
    from asbcli.casework import erasing

    desk: Desk = ctx.obj
    _needed(basis=basis, approved_by=approved_by)
    if _TENANCY.fullmatch(case):
        if not every or entries:
            raise BadInput("a tenancy is erased as a whole", f"asb redact {case} --all")
        done = erasing.redact_tenancy(desk.office(), tenancy=case, **_texts(basis=basis, approved_by=approved_by))
        tell_recorded(desk, done, as_json=as_json)
        return
    if bool(entries) == every:
        raise BadInput("name entries, or --all", f"asb history {read_case(case)} numbers them")
    wrong = [each for each in entries or () if not (each.isascii() and each.isdecimal() and len(each) < 13)]
    if wrong:
        raise BadInput(
            f"{wrong[0][:20]!r} is not the number of an entry", f"asb history {read_case(case)} numbers them"
        )
    done = erasing.redact(
        desk.office(),
        case=read_case(case),
        entries=[int(each) for each in entries or ()],
        every=every,
        if_last=if_last,
        **_texts(basis=basis, approved_by=approved_by),
    )
    tell_recorded(desk, done, as_json=as_json)
