"""What a run says of itself at its end."""

from dataclasses import replace

import pytest
from annotated_frames import annotated_frames_of
from fake_pipeline import VIEW, pipeline_of
from support import (
    ListSource,
    frames_of,
    picture,
)

from livecam.pipeline.loop import run
from livecam.core.types import Frame
from livecam.pipeline.run_summary import closing_line
from livecam.pipeline.run_summary import RunSummary


def test_the_summary_knows_the_strongest_frame():
    frames = frames_of(5)
    bright = frames[3].bgr.copy()
    bright[:] = 255
    frames[3] = replace(frames[3], bgr=bright)
    summary = run(pipeline_of(ListSource(frames)), VIEW)
    assert summary.best_maximum == pytest.approx(37.0)
    assert (summary.best_time_s, summary.best_class) == (pytest.approx(0.1), "daisy")


def test_the_closing_line_names_the_picture_or_the_time():
    summary = RunSummary(1, best_maximum=31.4, best_time_s=317.0, best_class="bee")
    assert closing_line(summary) == "1 frame; strongest bee 31.4 at 317.00 s"
    named = replace(summary, best_name="owl.jpg")
    assert closing_line(named) == "1 frame; strongest bee 31.4 in owl.jpg"
    pictures = [Frame(picture(), 0, 0.0, "/album/owl.jpg")]
    assert run(pipeline_of(ListSource(pictures)), VIEW).best_name == "owl.jpg"


@pytest.mark.parametrize(
    ("seen", "shown", "said"),
    [
        (["rose"] * 3 + ["daisy"], ["daisy"] * 4, "; mostly rose was seen: --class auto follows"),
        (["rose"] * 2 + ["daisy"] * 2, ["daisy"] * 4, ""),  # no more than half of them
        (["rose", "rose", None, None], ["daisy"] * 4, ""),
        (["rose"] * 4, ["daisy"] * 3 + ["rose"], ""),  # a key has found it
        (["rose"] * 4, ["rose"] * 4, ""),
    ],
)
def test_the_closing_line_says_what_was_seen_where_nobody_looked_for_it(seen, shown, said):
    summary = RunSummary()
    (given,) = annotated_frames_of([picture()])
    for one, name in zip(seen, shown, strict=True):
        stats = replace(given.stats, seen=one, class_name=name)
        summary = summary.plus(replace(given, stats=stats))
    assert said in closing_line(summary)
    assert ("seen" in closing_line(summary)) == bool(said)
