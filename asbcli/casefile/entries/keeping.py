"""What is kept and erased: evidence taken in, retention decided, entries erased."""

import re
from collections.abc import Mapping
from typing import Any

from asbcli.casefile.case import Exhibit
from asbcli.casefile.entries.fold import ERASED, Entry, Fold
from asbcli.moments import Moment

DIGEST = re.compile("[0-9a-f]{64}")  # the name of its file too: nothing else may become a part of a path


class Evidence(Entry, frozen=True):
    """A file taken in as evidence: its content stands beside the register under its hash (SHA-256)."""

    KIND = "evidence"
    TEXT = "text"

    digest: str
    name: str
    size: int = 0  # bytes
    text: str | None = None

    def __post_init__(self) -> None:
        if self.digest != ERASED and not DIGEST.fullmatch(self.digest):
            raise ValueError("evidence stands under a SHA-256")

    def apply(self, fold: Fold) -> None:
        if self.digest != ERASED:
            fold.case.evidence.append(Exhibit(fold.seq, self.digest, self.size, self.name, fold.when, self.text))


class Retention(Entry, frozen=True):
    """A person's decision on how long a case is kept: held for a court, released, or kept until a day."""

    KIND = "retention"
    TEXT = "because"

    step: str
    because: str
    until: Moment | None = None

    def apply(self, fold: Fold) -> None:
        fold.event(f"retention.{self.step}", until=self.until)


class Erasure(Entry, frozen=True):
    """Entries erased: on what basis, approved by whom, and what each still counts as, by its number."""

    KIND = "erasure"
    TEXT = "basis"

    basis: str
    approved_by: str
    left: Mapping[str, Mapping[str, Any]]
