"""Every way `asb` can refuse, each with its exit code and the two lines it prints."""

from __future__ import annotations


class AsbError(Exception):
    """A refusal the officer can act on: what is wrong, and what to type."""

    exit_code = 1

    def __init__(self, problem: str, hint: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint


class BadInput(AsbError):
    """The command line or the input is wrong: an option of the same command mends it."""

    exit_code = 2


class Mistakes(BadInput):
    """Everything that is wrong with a file, one mistake a line."""


class MaybeKnown(BadInput):
    """What is reported may be in the register already."""


class NeedsReason(BadInput):
    """The step is only taken with a reason."""


class NotFound(AsbError):
    """No such case, person or rule."""

    exit_code = 3


class NotAllowed(AsbError):
    """The procedure does not allow it: it needs another entry, or a role."""

    exit_code = 4


class NotYetAllowed(NotAllowed):
    """Something stands before the step: it passes once that is recorded, or where a role lets it pass."""


class DatabaseUnusable(AsbError):
    """The register is missing, damaged, another program's, newer, locked or full; nothing was saved."""

    exit_code = 5


class InUse(DatabaseUnusable):
    """Another program holds the register, and did not let go of it in time."""


class CheckFailed(AsbError):
    """A check that was asked for found something."""

    exit_code = 6
