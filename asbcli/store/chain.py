"""The chain: each entry's header is hashed over the one before, its body apart under a salted hash of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from msgspec.json import Encoder

FIRST = "0" * 64  # what the first entry follows

HEADER = ("seq", "case_number", "kind", "happened", "recorded_at", "actor", "body_hash", "previous")

_CANONICAL = Encoder(order="sorted")  # spells words and whole numbers as `json` does, in a seventh of the time


def canonical(value: Any) -> str:
    """JSON with one spelling only: sorted keys, no spaces, letters as they are."""
    return _CANONICAL.encode(value).decode()


def digest(text: str) -> str:
    """SHA-256 (hex) of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def body_hash(salt: str, body: str) -> str:
    """The hash a header keeps of a body; the salt goes with the body, so an erased one cannot be guessed back."""
    return digest(f"{salt}\n{body}")


def header_hash(header: Mapping[str, Any]) -> str:
    """The hash of an entry's header, the previous one's hash in it. Raises TypeError where it holds bytes."""
    said = {name: header[name] for name in HEADER}
    if bytes in map(type, said.values()):  # they would be spelled like some text
        raise TypeError("a header holds text and numbers")
    return hashlib.sha256(_CANONICAL.encode(said)).hexdigest()
