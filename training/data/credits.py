"""The table of credits of all photographs of other things: `training/CREDITS.tsv`.

Pictures that share source, licence, credit and split stand in one line; those whose credit names a
picture or a person stand alone. None of the photographs is part of the program.
"""

import csv
from collections import Counter
from pathlib import Path

from training.data.photographs import credited
from training.data.splits import source_of, split_of_other

CREDITS_FILE = Path(__file__).resolve().parent.parent / "CREDITS.tsv"
COLUMNS = ("used for", "source", "pictures", "licence", "credit", "came from")


def write_credits(shared: Path) -> Path:
    """Write the table from the credits beside the photographs; return its path."""
    with CREDITS_FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(credit_lines(credited(shared)))
    return CREDITS_FILE


def credit_lines(rows: list[dict[str, str]]) -> list[tuple[str, ...]]:
    """Return the lines of the table, by source; `rows` are those of the shared table."""
    counts: Counter[tuple[str, ...]] = Counter()
    for row in rows:
        source = source_of(row["file"])
        # "owner+repository:path of the picture": the repository names a whole source.
        whole = source not in ("streetcomplete", "openimages")
        origin = row["came from"].split(":")[0] if whole else row["came from"]
        split = split_of_other(row["file"])
        counts[split, source, row["licence"], row["credit"], origin] += 1
    lines = [(key[0], key[1], str(number), *key[2:]) for key, number in counts.items()]
    return sorted(lines, key=lambda line: (line[1], line[3:], line[0]))
