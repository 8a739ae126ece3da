"""Figures of an event: those of every look, at times that count from the beginning of its clip."""

import json

from watched_scripts import ScriptSource

from livecam.core.stats_record import stats_record

from pipeline.watching.scripted_garden import GREEN, figures_of, plan_of


def test_figures_have_the_columns_of_stats(garden):
    garden.add("..#....", plan_of(GREEN))
    garden.run()
    (event,) = garden.events()
    looker = garden.looker()
    looked = looker.look_at(ScriptSource("#", garden.clock).next_look())
    annotated = looker.annotated(looked, 1)
    wanted = json.loads(json.dumps(stats_record(annotated, grid=True, top=True)))
    (record,) = (one for one in figures_of(garden, event) if one["time_s"] == 1.0)
    assert list(record) == list(wanted)
    differ = {name for name in wanted if record[name] != wanted[name]}
    assert differ <= {"frame", "time_s", "at", "latency_ms"}


def test_a_picture_that_stood_still_before_an_event_is_told_at_the_beginning(garden):
    garden.add("3sssssss##......", plan_of(GREEN))
    garden.run()
    (event,) = garden.events()
    records = figures_of(garden, event)
    assert (event.start_s, event.begin_s) == (4.0, 3.0)
    assert [one["time_s"] for one in records[:3]] == [0.0, 1.0, 1.5]
    assert records[0]["at"] == "2026-07-01T06:00:03.000+02:00"
    assert records[0]["max"] < 20 < records[1]["max"]


def test_figures_count_from_where_the_clip_does_begin_in_the_end(garden):
    """Its first key picture came later than was known at its start."""
    source = garden.add("....####......", plan_of(GREEN))
    source.first_key_s = 1.25
    garden.run()
    (event,) = garden.events()
    assert (event.begin_s, event.strongest.into_s) == (1.25, 0.75)
    times_s = [one["time_s"] for one in figures_of(garden, event)]
    assert times_s == [n / 2 - 0.25 for n in range(9)]


def test_figures_of_the_past_are_kept_as_long_as_a_clip_may_begin_before_them(garden):
    garden.add("." * 60, plan_of(GREEN))
    garden.run()
    assert len(garden.cameras[0]._past) == 1 + garden.cameras[0].plan.held_s / 0.5
