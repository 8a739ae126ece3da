"""Conditions as SQL: the same looks as by `evaluate.holds`, on a real file."""

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from livecam.core.conditions.evaluate import ClassValues, PictureFigures, holds
from livecam.core.conditions.expression import And, Comparison, Not, Or
from livecam.core.conditions.parse import parse_condition
from livecam.sources.archive.condition_sql import READ_PARTS, condition_sql

CLASSES = ("daisy", 'a "quoted"; DROP')
FIGURES = ("probability", "max", "mean", "logit")
float32 = st.one_of(
    st.sampled_from([0.8, 0.5, -0.0, 0.0, 1.0, 36.0, float("nan"), float("inf"), -float("inf")]),
    st.floats(width=32),
).map(lambda value: float(np.float32(value)))
values = st.one_of(
    st.sampled_from([0.8, 0.5, -0.0, 0.1, 1.0, 36.0, 1e300, -1e300, 1e-300, 3.4028235677973366e38]),
    float32.filter(np.isfinite),
    st.floats(allow_nan=False, allow_infinity=False),
)
names = st.sampled_from(["daisy", "other", "it's", CLASSES[1]])
comparisons = st.one_of(
    st.builds(
        Comparison,
        st.sampled_from(FIGURES),
        st.sampled_from(CLASSES),
        st.sampled_from([">", ">=", "<", "<=", "==", "!="]),
        values,
    ),
    st.builds(Comparison, st.just("seen"), st.just(""), st.sampled_from(["==", "!="]), names),
)
parts = lambda inner: st.lists(inner, min_size=1, max_size=3).map(tuple)  # noqa: E731
expressions = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.builds(And, parts(inner)), st.builds(Or, parts(inner)), st.builds(Not, inner)
    ),
    max_leaves=6,
)
figures = st.builds(ClassValues, float32, float32, float32, float32)
pictures = st.builds(PictureFigures, st.fixed_dictionaries(dict.fromkeys(CLASSES, figures)), names)


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as opened:
        yield opened


def found_by_sql(connection, path, looks, expression) -> list[bool]:
    table = {
        f"{name}.{figure}": pa.array(
            np.array([getattr(one.classes[name], figure) for one in looks], np.float32)
        )
        for name in CLASSES
        for figure in FIGURES
    }
    seen = [None if one.seen == "other" else one.seen for one in looks]
    table |= {"seen": pa.array(seen, pa.string()), "n": pa.array(range(len(looks)))}
    pq.write_table(pa.table(table), path, row_group_size=2)
    where = condition_sql(expression)
    query = f"SELECT n FROM {READ_PARTS} WHERE {where.text}"  # noqa: S608
    found = connection.execute(query, [[str(path)], *where.values])
    rows = {n for (n,) in found.fetchall()}
    return [n in rows for n in range(len(looks))]


def same(value: float) -> PictureFigures:
    """A picture all of whose figures are this one."""
    return PictureFigures({name: ClassValues(*[value] * 4) for name in CLASSES}, "daisy")


NAN, ONE = same(float("nan")), same(1.0)


@settings(max_examples=100)
@given(st.lists(pictures, min_size=1, max_size=5), expressions)
@example([NAN, NAN], Not(Comparison("max", "daisy", ">", 0.5)))
@example([NAN], Comparison("max", "daisy", "!=", 0.1))
@example([ONE, NAN], Comparison("max", "daisy", "<", 2.0))
@example([ONE, NAN], Comparison("max", "daisy", "==", 1.0))
@example([ONE, NAN], Comparison("max", "daisy", ">", 0.5))
@example([ONE, NAN], Not(Comparison("max", "daisy", ">=", 1.0)))
def test_sql_finds_the_looks_for_which_the_condition_holds(
    connection, tmp_path_factory, looks, expression
):
    path = tmp_path_factory.getbasetemp() / "condition.parquet"
    expected = [holds(expression, one) for one in looks]
    assert found_by_sql(connection, path, looks, expression) == expected


def test_the_column_is_compared_as_it_is_so_that_statistics_exclude_row_groups():
    where = condition_sql(parse_condition("daisy > 0.8"))
    assert where.text.startswith('"daisy.probability" > CAST(? AS FLOAT)')
    assert where.values == (float(np.nextafter(np.float32(0.8), np.float32(0))),)
