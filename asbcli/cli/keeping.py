"""Keeping the register: backups and back, up to date, out and in whole, encrypted."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from asbcli.cli.desk import Desk
from asbcli.cli.documents import written
from asbcli.cli.reading import AsJson
from asbcli.cli.show import json_out, visible
from asbcli.errors import BadInput, DatabaseUnusable
from asbcli.incoming import lines, opener, path_of

if TYPE_CHECKING:
    from asbcli.store.evidence import Copied

Encrypt = Annotated[bool, typer.Option("--encrypt", help="a register that needs its key to be read: asb init --help")]


def backup(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="where the copy goes")],
    replace: Annotated[bool, typer.Option("--replace", help="in place of the file that is there")] = False,
    as_json: AsJson = False,
) -> None:
    """A copy of the register, read back whole; beside it its evidence and the list of what was erased."""
    from asbcli.store.backup import back_up

    desk: Desk = ctx.obj
    target, tell = path_of(file).absolute(), desk.paced()
    assert desk.register, "its faults, and who can read it, are told as everywhere"
    desk.leave_register()
    try:
        if target.exists() and target.samefile(desk.settings.path):
            raise BadInput("that is the register itself", "name another file")
        done = back_up(
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
    head = done.head
    _tell_copied(desk, done.evidence)
    if done.erased:
        desk.tell(f"warning: entries {', '.join(map(str, done.erased))} were erased meanwhile, and their words are in "
                  "this backup: asb restore erases them again, asb backup FILE --replace makes it without them")
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
            path_of(file).absolute(),
            actor=desk.settings.acting.value,
            now=desk.now,
            erasures=path_of(erasures).absolute() if erasures else None,
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
                path_of(file).absolute(), encoding="utf-8", errors="surrogateescape", newline="\n", opener=opener
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
