"""Two public data sets as files that `asb import` takes: a worked example of mapping another system's records.

    python docs/examples/map_reports.py police tests/data/camden_asb_2019.csv > police.csv
    python docs/examples/map_reports.py noise tests/data/nyc_311_noise_saturday_nights_2026.csv > noise.csv

What the sources do not say is made up, and each summary says so: the police publish the month only, so the day
and the hour of receipt are invented; New York's hours are read as if London's clock had shown them.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from datetime import date, timedelta

COLUMNS = ("external_ref", "received", "happened", "category", "definition", "summary", "place", "channel",
           "reporter", "reported_by", "relevant_authority", "anonymous", "officer")
OFFICERS = ("Aileen Grant", "Brian Docherty", "Catriona Shaw", "Duncan Rae")


def police(rows: Iterator[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Street-level police records: a month, a street, a ward. Day and hour are made up, evenly over the month."""
    for number, row in enumerate(rows):
        month, _, year = row["Epoch"].split(" ")[0].split("/")
        day = date(int(year), int(month), 1) + timedelta(days=number % 28)
        yield {
            "external_ref": f"police-{row['ID']}",
            "received": f"{day.isoformat()} {8 + number % 10:02}:{number * 7 % 60:02}",
            "happened": "unknown",
            "category": "communal",
            "definition": "nuisance",
            "summary": "Recorded by the police, "
                       f"{row['Outcome Category'] or 'no outcome given'} (day and hour made up)",
            "place": f"{row['Street Name']}, {row['Ward Name']}",
            "channel": "email",
            "reporter": "agency",
            "reported_by": "Police",
            "relevant_authority": "yes",
            "officer": OFFICERS[number % len(OFFICERS)],
        }


def noise(rows: Iterator[dict[str, str]]) -> Iterator[dict[str, str]]:
    """One night's noise complaints: an hour and an address. The minute is made up; hours past midnight are Sunday's."""
    for number, row in enumerate(rows):
        hour = int(row["hour_local"])
        day = date.fromisoformat(row["window_saturday"]) + timedelta(days=1 if hour < 12 else 0)
        at = f"{day.isoformat()} {hour:02}:{number * 11 % 60:02}"
        yield {
            "external_ref": f"noise-{number + 1}",
            "received": at,
            "happened": at,
            "category": "noise",
            "definition": "nuisance",
            "summary": f"{row['complaint_type']}: {row['descriptor']} (minute made up)",
            "place": row["address"],
            "channel": "phone",
            "anonymous": "yes",
            "officer": OFFICERS[number % len(OFFICERS)],
        }


def main() -> None:
    """Map the file named second by the mapping named first, to standard output."""
    mapping = {"police": police, "noise": noise}[sys.argv[1]]
    with open(sys.argv[2], newline="", encoding="utf-8-sig") as source:
        out = csv.DictWriter(sys.stdout, COLUMNS, restval="")
        out.writeheader()
        out.writerows(mapping(csv.DictReader(source)))


if __name__ == "__main__":
    main()
