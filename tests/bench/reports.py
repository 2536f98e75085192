"""A file of reports for the import: every row another person's, checked and dated like any other."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

COLUMNS = ("external_ref", "received", "happened", "category", "definition", "summary", "place", "channel", "reporter",
           "complainant", "address", "perpetrator", "police_informed", "officer")
CATEGORIES = ("noise", "vandalism", "pets", "alcohol", "vehicles", "hate")
CHANNELS = ("phone", "email", "letter", "in-person")


def write(path: Path, reports: int) -> Path:
    """So many reports over five years, as a CSV file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        out.writerows(_row(number) for number in range(1, reports + 1))
    return path


def _row(number: int) -> tuple[str, ...]:
    day = date(2020, 1, 6) + timedelta(number % 1826)
    return (
        f"old-{number}", f"{day} {9 + number % 8:02}:{number % 60:02}", "unknown" if number % 3 else f"{day}",
        CATEGORIES[number % len(CATEGORIES)], "personal",
        f"Report {number}: loud music and shouting on the stair until the small hours", f"{number % 90} Elm Street",
        CHANNELS[number % len(CHANNELS)], "complainant", f"Agnes Baird {number}", f"Flat 2/1, {number} Larch Road",
        f"Callum Reid {number}" if number % 2 else "unknown", "no", f"Officer {number % 40 + 1}",
    )
