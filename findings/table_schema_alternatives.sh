#!/usr/bin/env bash
# A pattern of alternatives in a Table Schema, with which Data Packages like those of Camtrap DP
# describe their tables, lets more pass in Python's validators than it says: "A[0-9]|B[0-9]" passes
# A12 and refuses B12, and "B[0-9]|A[0-9]" does the opposite. They put ^ before the pattern and $
# behind it, without parentheses, so that all alternatives but the last are asked of a value's
# beginning alone; a try with a wrong value of the last kind looks right (frictionless 5.21.0,
# tableschema 1.21.0, pandera 0.35.0). Parentheses help: Camtrap DP's own schemas, which livecam's
# packages name (livecam/core/archive/camtrap_dp.py), have them.
#
# The guess: the standard wants a pattern in the syntax of XML Schema, where it always holds for the
# whole value. The column "XML Schema" is what libxml2 says (lxml 6.1.3).
# The values are A1 and B2, which are meant to pass, and A12, B12 and XA1, which are not; shown are
# those that pass.
# Needs bash, python3 (3.11 or newer) and pip; any user; about a minute.
# The output, which this script compares with what it gets:
#   > A[0-9]|B[0-9]    XML Schema A1 B2  frictionless A1 A12 B2  tableschema A1 A12 B2  pandera A1 A12 B2
#   > B[0-9]|A[0-9]    XML Schema A1 B2  frictionless A1 B12 B2  tableschema A1 B12 B2  pandera A1 B12 B2
#   > (A[0-9]|B[0-9])  XML Schema A1 B2  frictionless A1 B2      tableschema A1 B2      pandera A1 B2
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet frictionless==5.21.0 tableschema==1.21.0 \
    pandera==0.35.0 pandas==2.3.3 lxml==6.1.3
"$folder/venv/bin/python" -W ignore - << 'PYTHON' | tee "$folder/output"
import frictionless
import pandas as pd
import pandera.pandas as pandera
import tableschema
from lxml import etree
from pandera.io.pandas_io import from_frictionless_schema

VALUES = ["A1", "A12", "B12", "B2", "XA1"]
XML_SCHEMA = """
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="v"><xs:simpleType>
<xs:restriction base="xs:string"><xs:pattern value="{}"/></xs:restriction>
</xs:simpleType></xs:element></xs:schema>"""


def descriptor(pattern):
    constraints = {"pattern": pattern, "required": True}
    return {"fields": [{"name": "v", "type": "string", "constraints": constraints}]}


def by_xml_schema(pattern):
    schema = etree.XMLSchema(etree.fromstring(XML_SCHEMA.format(pattern)))
    return [v for v in VALUES if schema.validate(etree.fromstring(f"<v>{v}</v>"))]


def by_frictionless(pattern):
    schema = frictionless.Schema.from_descriptor(descriptor(pattern))
    table = frictionless.Resource(data=[["v"], *([v] for v in VALUES)], schema=schema)
    wrong_rows = [row for (row,) in table.validate().flatten(["rowNumber"])]  # the header is row 1
    return [v for row, v in enumerate(VALUES, 2) if row not in wrong_rows]


def by_tableschema(pattern):
    (field,) = tableschema.Schema(descriptor(pattern)).fields
    return [v for v in VALUES if field.test_value(v)]


def by_pandera(pattern):
    schema = from_frictionless_schema(descriptor(pattern))
    try:
        schema.validate(pd.DataFrame({"v": VALUES}), lazy=True)
    except pandera.errors.SchemaErrors as errors:
        return [v for v in VALUES if v not in set(errors.failure_cases["failure_case"])]
    return VALUES


for pattern in ("A[0-9]|B[0-9]", "B[0-9]|A[0-9]", "(A[0-9]|B[0-9])"):
    passed = f"{pattern:16} XML Schema {' '.join(by_xml_schema(pattern)):6}"
    passed += f" frictionless {' '.join(by_frictionless(pattern)):10}"
    passed += f" tableschema {' '.join(by_tableschema(pattern)):10}"
    print(f"{passed} pandera {' '.join(by_pandera(pattern))}")
PYTHON
diff <(sed -n 's/^#   > //p' "$0") "$folder/output"
echo "as found: table_schema_alternatives"
