"""`livecam stats-columns`: what each column of the figures means, as a table or as JSON."""

import dataclasses
import json

from livecam.cli.tables import print_table
from livecam.core.stats_columns import STATS_COLUMNS, StatsColumn


def list_stats_columns(*, as_json: bool) -> int:
    """Print the columns to standard output; gives the exit code."""
    if as_json:
        print(json.dumps([dataclasses.asdict(column) for column in STATS_COLUMNS], indent=1))
        return 0
    print_table(("column", "meaning"), ((column.name, _said(column)) for column in STATS_COLUMNS))
    return 0


def _said(column: StatsColumn) -> str:
    """The meaning, what the column needs, and its names in CSV where they are others."""
    needs = f" [with {column.when}]" if column.when else ""
    return f"{column.meaning}{needs}{f' [in CSV {column.in_csv}]' if column.in_csv else ''}"
