"""The scale of a network's maps: the median of the maxima that mean something, measured once."""

from dataclasses import replace

import pytest
from annotated_frames import annotated_frame_of
from fake_pipeline import VIEW
from support import picture

from livecam.models.scale_file import keep_scale, read_scale
from livecam.sinks.scale_measurement import ENOUGH, FEWEST, ScaleMeasurement


def frame(number, maximum, probability=0.9, rate=1.0, **of_frame):
    annotated = annotated_frame_of(picture(64, 64), number, number / rate, view=VIEW)
    stats = replace(annotated.stats, maximum=maximum, probability=probability)
    return replace(annotated, stats=stats, frame=replace(annotated.frame, **of_frame))


@pytest.fixture
def measured():
    return []


@pytest.fixture
def measurement(measured):
    return ScaleMeasurement(lambda act_max, pictures: measured.append((act_max, pictures)))


def test_it_is_the_median_and_it_is_measured_once(measurement, measured):
    for number in range(3 * ENOUGH):
        measurement.show(frame(number, 10.0 + number % 2 * 4))
    measurement.finish()
    assert measured == [(12.0, ENOUGH)]


def test_where_the_network_is_not_sure_nothing_counts(measurement, measured):
    for number in range(2 * ENOUGH):
        measurement.show(frame(number, 99.0, probability=0.4))
    measurement.finish()
    assert measured == []


def test_frames_of_a_video_that_follow_each_other_count_once(measurement, measured):
    for number in range(ENOUGH):
        measurement.show(frame(number, 5.0, rate=30.0))
    measurement.finish()
    assert measured == []
    for number in range(FEWEST):
        measurement.show(frame(1000 + number, 5.0, rate=30.0, is_photograph=True))
    measurement.finish()
    assert measured[0][0] == 5.0


def test_what_was_kept_is_read_and_damage_is_as_if_it_were_not_there(tmp_path):
    assert read_scale(tmp_path) is None
    assert keep_scale(tmp_path, 12.5, 50)
    assert read_scale(tmp_path) == 12.5
    for damage in ("", "{", '{"act-max": "x"}', '{"act-max": NaN}', "[]"):
        (tmp_path / "scale.json").write_text(damage)
        assert read_scale(tmp_path) is None
    assert not keep_scale(tmp_path / "missing", 1.0, 2)
