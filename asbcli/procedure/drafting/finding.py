"""Where a procedure file stands: by its path, beside another one, or built in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from asbcli.errors import BadInput
from asbcli.procedure.drafting.mistakes import nearest

BUILT_IN = Path(__file__).parents[1] / "files"
"""Where the procedures that come with the program stand."""


def built_in() -> tuple[str, ...]:
    """The names of the procedures that come with the program."""
    return tuple(sorted(file.stem for file in BUILT_IN.glob("*.toml")))


def located(name_or_path: str | Path) -> Path:
    """The file of a built-in name or a path. Raises BadInput where there is none."""
    if name_or_path in built_in():
        return BUILT_IN / f"{name_or_path}.toml"
    path = Path(name_or_path)
    if _is(path.is_dir):
        raise BadInput(
            f"{path} is a folder, not a procedure file", f"asb procedure check {path / 'FILE.toml'}"
        )
    if not _is(path.is_file):
        names = built_in()
        hint = nearest(str(name_or_path), names) or f"built in are {', '.join(names)}"
        raise BadInput(f"there is no procedure file {path}", hint)
    return path


def beside(path: Path, name: str) -> Path | None:
    """An included file: beside the one that includes it, or a built-in one."""
    places = (path.parent / f"{name}.toml", BUILT_IN / f"{name}.toml")
    return next((place for place in places if _is(place.is_file)), None)


def names_beside(path: Path) -> set[str]:
    """Every name a file may include."""
    return {*built_in(), *(file.stem for file in path.parent.glob("*.toml"))}


def _is(asked: Callable[[], bool]) -> bool:
    try:
        return asked()
    except OSError:  # a name too long, say, or a folder that may not be looked into
        return False
