#!/usr/bin/env bash
# "isnan(p)" finds nothing in a Parquet file that has a NaN, neither by pyarrow's filters nor by
# DuckDB: both skip a row group by its smallest and largest value before they look into it, and
# pyarrow's writer leaves NaN out of these. The same question of the same rows in memory finds the
# row. So do "p > 0.99" in DuckDB, to which NaN is the largest number, and "not (p <= 0.99)" in
# pyarrow. DuckDB counts the row that it does not find; its reader has the option can_have_nan,
# which is off; pyarrow has none (pyarrow 26.0.1, duckdb 2.0.1). livecam's archives are asked with
# can_have_nan, and none of its conditions holds for NaN (livecam/sources/archive/condition_sql.py).
#
# The guess: a filter that is pushed down into the file is faster and finds the same rows.
# Two row groups of two rows; the first row of the second is NaN.
# Needs bash, python3 (3.11 or newer) and pip; any user; less than a minute.
# The output, which this script compares with what it gets:
#   > pyarrow is_nan(p): memory [2], file []
#   > pyarrow not (p <= 0.99): memory [2], file []
#   > DuckDB isnan(p): memory [2], file [], file with can_have_nan [2]
#   > DuckDB p > 0.99: memory [2], file [], file with can_have_nan [2]
#   > DuckDB counts of NaN without a filter: memory 1, file 1, file with can_have_nan 1
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pyarrow==26.0.1 duckdb==2.0.1
"$folder/venv/bin/python" - "$folder/looks.parquet" << 'PYTHON' | tee "$folder/output"
import sys

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

FILE = sys.argv[1]
p = pa.array([0.9, 0.95, float("nan"), 0.97], pa.float32())
in_memory = pa.table({"n": [0, 1, 2, 3], "p": p})
pq.write_table(in_memory, FILE, row_group_size=2)

for words, question in (
    ("is_nan(p)", pc.is_nan(pc.field("p"))),
    ("not (p <= 0.99)", ~(pc.field("p") <= 0.99)),
):
    of_memory = in_memory.filter(question)["n"].to_pylist()
    of_file = pq.read_table(FILE, filters=question)["n"].to_pylist()
    print(f"pyarrow {words}: memory {of_memory}, file {of_file}")

PLACES = {
    "memory": "in_memory",
    "file": f"read_parquet('{FILE}')",
    "file with can_have_nan": f"read_parquet('{FILE}', can_have_nan = true)",
}


def asked(query):
    answers = {name: duckdb.sql(query.format(place)).fetchall() for name, place in PLACES.items()}
    return {name: [row[0] for row in rows] for name, rows in answers.items()}


for words in ("isnan(p)", "p > 0.99"):
    found = asked("SELECT n FROM {} WHERE " + words)
    print(f"DuckDB {words}: " + ", ".join(f"{name} {rows}" for name, rows in found.items()))
counts = asked("SELECT count(*) FILTER (isnan(p)) FROM {}")
print(
    "DuckDB counts of NaN without a filter: "
    + ", ".join(f"{name} {rows[0]}" for name, rows in counts.items())
)
PYTHON
diff <(sed -n 's/^#   > //p' "$0") "$folder/output"
echo "as found: parquet_nan_by_filter"
