#!/usr/bin/env python3
"""Re-verifies an exported log with nothing but Python's standard library.

    asb export log --jsonl --out log.jsonl
    python3 verify_log.py log.jsonl [--expect SEQ:HASH]

Every entry's header is hashed over the one before (SHA-256 over JSON with sorted keys and no spaces), and holds
the hash of its body with a random salt; so an erased body leaves the chain whole. Exit code 0: whole; 1: not;
2: the file cannot be read as an exported log.
"""

import argparse
import hashlib
import json
import sys
from datetime import UTC, datetime

HEADER = ("seq", "case_number", "kind", "happened", "recorded_at", "actor", "body_hash", "previous")
FIRST = "0" * 64  # what the first entry follows


def sha256(text):
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def header_of(row):
    """The header as it was hashed; a moment leaves the register with London's offset and stands in it as UTC."""
    happened = row["happened_at"]
    if len(happened) > 10:
        happened = datetime.fromisoformat(happened).astimezone(UTC).isoformat()
    names = dict(row, seq=row["entry"], happened=happened, actor=row["by"])
    return {name: names[name] for name in HEADER}


def row_of(line):
    """A row as it was exported. Raises ValueError where a word stands in it twice: each reader would take another."""
    row = json.loads(line, object_pairs_hook=once)
    if type(row["entry"]) is not int:
        raise ValueError("an entry's number is no number")
    return row


def once(pairs):
    names = dict(pairs)
    if len(names) != len(pairs):
        raise ValueError("a line says the same twice")
    return names


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def findings(rows, expect):
    """Everything that does not hold, a sentence each."""
    erased, emptied, last = set(), [], None
    seen = expect is None
    for row in rows:
        seq = row["entry"]
        if last is None:
            if seq == 1 and row["previous"] != FIRST:
                yield "entry 1 follows another"
        elif seq != last["entry"] + 1:
            yield f"after entry {last['entry']} stands entry {seq}"
        elif row["previous"] != last["hash"]:
            yield f"entry {seq} does not follow the entry before it"
        if sha256(canonical(header_of(row))) != row["hash"]:
            yield f"the header of entry {seq} was changed"
        if row["says"] is None:
            emptied.append(seq)
        elif sha256(f"{row['salt']}\n{row['says']}") != row["body_hash"]:
            yield f"the body of entry {seq} was changed"
        elif row["kind"] == "erasure":
            erased |= {int(number) for number in json.loads(row["says"])["left"]}
        if expect and f"{seq}:" == expect.partition(":")[0] + ":":
            seen = True
            if row["hash"] != expect.partition(":")[2]:
                yield f"entry {seq} is not the one that was noted: the log was rewritten"
        last = row
    for seq in emptied:
        if seq not in erased:
            yield f"entry {seq} was emptied, and no erasure says so"
    if not seen:
        yield f"the log does not reach entry {expect.partition(':')[0]} that was noted: it was cut short"


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("file", help="what asb export log --jsonl wrote; - for stdin")
    options.add_argument("--expect", metavar="SEQ:HASH", help="a head noted before, which the log must hold")
    given = options.parse_args()
    try:
        with sys.stdin if given.file == "-" else open(given.file, encoding="utf-8") as lines:
            rows = [row_of(line) for line in lines]
        found = list(findings(rows, given.expect))
        if not rows:
            raise ValueError("it is empty")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        print(f"error: {given.file} is no exported log ({fault})", file=sys.stderr)
        return 2
    for each in found:
        print(each)
    first, last = rows[0]["entry"], rows[-1]["entry"]
    if not found:
        print(f"entries {first} to {last} are whole; head {last}:{rows[-1]['hash']}")
        if first != 1:
            print(f"what came before entry {first} is not in this file", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
