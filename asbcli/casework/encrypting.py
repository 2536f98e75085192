"""The same register, encrypted or plain: written anew from its own rows, and put in place once it is whole."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from asbcli.casework.verify import verify
from asbcli.errors import BadInput, DatabaseUnusable
from asbcli.store import backup, door, read
from asbcli.store.dump import dump, fill
from asbcli.store.files import part_file, sync
from asbcli.store.write import make_empty


def refuse_if_so(register: Path, *, encrypted: bool) -> None:
    """Refuse to write anew what is as it should be. Raises BadInput; DatabaseUnusable where it is no register."""
    read.connect(register).close()
    if door.is_encrypted(register) == encrypted:
        raise BadInput(f"{register} is {'encrypted' if encrypted else 'plain'} already", "asb doctor tells")


def write_anew(
    register: Path,
    *,
    encrypted: bool,
    now: Callable[[], datetime],
    progress: Callable[[str], None] = lambda _: None,
    before_exchange: Callable[[], None] = lambda: None,
) -> tuple[backup.Head, Path]:
    """Write the register anew as it should be, and move the present file aside; its head, and where that is now.

    Nobody writes meanwhile. Raises BadInput where it is so already, DatabaseUnusable where it is not whole.
    """
    refuse_if_so(register, encrypted=encrypted)
    with closing(door.connect(register)) as present, part_file(register) as part:
        present.execute("BEGIN EXCLUSIVE")
        make_empty(part, encrypted=encrypted)
        try:
            head = fill(part, dump(present), check=lambda copy: verify(copy, files=False, progress=progress))
        except BadInput as fault:
            raise DatabaseUnusable(
                f"{register} cannot be written anew: {fault.problem}", "asb verify tells all of it"
            ) from None
        backup.read_back(part)
        sync(part)
        before_exchange()
        return head, backup.exchange(part, register, "encrypting" if encrypted else "decrypting", now=now())
