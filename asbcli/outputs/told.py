"""What is told to somebody outside, as the log will say it was."""

from __future__ import annotations

from collections.abc import Sequence

from asbcli.outputs.leaks import Draft, Passage, Secret, leaves


@leaves("disclosure")
def told(what: str, secrets: Sequence[Secret]) -> Draft:
    """What an agency, or somebody in the case, is told."""
    return Draft(what, (Passage(what, typed_now=True),), tuple(secrets))
