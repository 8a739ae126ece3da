"""Moments of archives: those that a loop over all looks finds, whatever the parts are like."""

from contextlib import contextmanager
from itertools import count

import numpy as np
import pyarrow as pa
import pytest
from archive_parts import write_part
from hypothesis import given, settings
from hypothesis import strategies as st

from livecam.assembly.finding import Search, Wanted, find_moments, open_for
from livecam.core.conditions.evaluate import ClassValues, PictureFigures, holds
from livecam.core.conditions.parse import parse_held_condition
from livecam.errors import SourceLostError
from livecam.sources.archive import queries
from livecam.sources.archive.find_looks import LookQuery, find_runs
from livecam.sources.archive.opened_archive import EVERY_DAY, open_archive

CONDITIONS = (
    "daisy > 0.5", "daisy > 0.5 for 2s", "not daisy > 0.5 or bee > 0.7 for 3s", "seen == bee",
    "max(daisy) < 20 and logit(bee) >= 5", "0.2 < daisy < 0.8 for 1s",
)  # fmt: skip
numbers = count()


@contextmanager
def uncounted(_words, _total):
    yield lambda: None


def found_in(folder, text):
    archive = open_archive(folder, None, EVERY_DAY, uncounted)
    archive, search = open_for(archive, Search(parse_held_condition(text)), pytest.fail)
    moments = find_moments(archive, search, uncounted, Wanted()).moments
    return sorted((m.source, m.start_s, round(m.end_s, 3), m.looks) for m in moments)


def plainly(clips, text, look_s):
    """The same by a loop: clips are lists of (time, daisy, bee)."""
    moment = parse_held_condition(text)
    found = []
    for source, looks in clips.items():
        runs: list[list[float]] = []
        for time_s, daisy, bee in looks:
            stored = {"daisy": float(np.float32(daisy)), "bee": float(np.float32(bee))}
            values = {n: ClassValues(p, 40 * p, 4 * p, 10 * p) for n, p in stored.items()}
            best, p = ("daisy", daisy) if daisy >= bee else ("bee", bee)
            figures = PictureFigures(values, best if p > 0.5 else "other")
            if not holds(moment.expression, figures):
                continue
            if runs and time_s - runs[-1][-1] <= 2.5 * look_s:
                runs[-1].append(time_s)
            else:
                runs.append([time_s])
        for run in runs:
            if run[-1] + look_s - run[0] >= moment.hold_s - 1e-3:
                found.append((source, run[0], round(run[-1] + look_s, 3), len(run)))  # noqa: PERF401
    return sorted(found)


probability = st.sampled_from([0.1, 0.3, 0.45, 0.6, 0.75, 0.9])
looks = st.lists(st.tuples(probability, probability), min_size=1, max_size=30)
jumps = st.lists(st.sampled_from([0, 0, 0, 7]), min_size=30, max_size=30)


@settings(max_examples=15)
@given(st.lists(st.tuples(looks, jumps, st.booleans()), min_size=1, max_size=3),
       st.sampled_from(CONDITIONS), st.integers(1, 40))  # fmt: skip
def test_every_moment_is_found_and_none_invented(tmp_path_factory, given_clips, text, split):
    folder = tmp_path_factory.getbasetemp() / f"archive{next(numbers)}"
    clips = {}
    for number, (values, gaps, has_gaps) in enumerate(given_clips):
        steps = [1.0 + (gap if has_gaps else 0) for gap in gaps]
        times_s = np.cumsum([0.0, *steps])[: len(values)]
        source = f"/clips/{number}.mp4"
        clips[source] = [(t, *v) for t, v in zip(times_s.tolist(), values, strict=True)]
        for segment, first in enumerate(range(0, len(values), split)):
            part = values[first : first + split]
            classes = {"daisy": [v[0] for v in part], "bee": [v[1] for v in part]}
            write_part(folder, source, classes, segment=segment,
                       extra={"time_s": pa.array(times_s[first : first + split])})  # fmt: skip
    assert found_in(folder, text) == plainly(clips, text, 1.0)


def test_many_queries_find_what_one_finds(tmp_path, monkeypatch):
    for number in range(7):
        values = np.random.default_rng(number).random(50)
        write_part(tmp_path, f"/clips/{number}.mp4", {"daisy": values, "bee": values[::-1]})
    whole = found_in(tmp_path, "daisy > 0.5")
    assert len(whole) > 7
    monkeypatch.setattr(queries, "FILES_PER_QUERY", 2)
    assert found_in(tmp_path, "daisy > 0.5") == whole
    monkeypatch.setattr(queries, "ROWS_PER_QUERY", 60)
    assert found_in(tmp_path, "daisy > 0.5") == whole


def test_a_part_that_goes_while_it_is_searched_is_told(tmp_path):
    part = write_part(tmp_path, "/clips/a.mp4", {"daisy": [0.9] * 5})
    archive = open_archive(tmp_path, None, EVERY_DAY, uncounted)
    part.unlink()
    query = LookQuery(parse_held_condition("daisy > 0.5").expression)
    with pytest.raises(SourceLostError, match="was it changed meanwhile"):
        find_runs(archive, query, None, uncounted)


def test_a_part_that_is_damaged_in_its_middle_is_named_with_the_way_out(tmp_path):
    write_part(tmp_path, "/clips/a.mp4", {"daisy": [0.9] * 5})
    part = write_part(tmp_path, "/clips/b.mp4", {"daisy": [0.9] * 500})
    content = bytearray(part.read_bytes())
    end = len(content) - 8 - int.from_bytes(content[-8:-4], "little")  # the footer stays
    content[4:end] = bytes(end - 4)
    part.write_bytes(content)
    archive = open_archive(tmp_path, None, EVERY_DAY, uncounted)
    assert len(archive.footers) == 2
    query = LookQuery(parse_held_condition("daisy > 0.5").expression)
    with pytest.raises(
        SourceLostError, match="is damaged: delete it, and the same livecam"
    ) as told:
        find_runs(archive, query, None, uncounted)
    assert str(part) in str(told.value)
