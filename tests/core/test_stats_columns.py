"""The described columns are those that are written, in their order."""

from dataclasses import replace

from annotated_frames import annotated_frame_of, class_map_of
from support import picture

from livecam.core.class_figures import class_figures_of
from livecam.core.map_centre import centre_of_map
from livecam.core.stats_columns import STATS_COLUMNS
from livecam.core.stats_record import csv_record, stats_record

ANNOTATED = annotated_frame_of(picture(), 0, 0.0, name="a.jpg")
LOST = replace(ANNOTATED, waiting_for="camera 0 gives no picture")


def with_classes(*names):
    activation = ANNOTATED.activation
    figures = {
        name: class_figures_of(
            class_map_of(replace(activation, grid=activation.grid + index), index), name
        )
        for index, name in enumerate(names)
    }
    return replace(ANNOTATED, stats=replace(ANNOTATED.stats, measured=lambda: figures))


def approximate(annotated):
    return replace(annotated, stats=replace(annotated.stats, is_approximate=True))


def test_every_column_that_is_written_is_described_and_no_other():
    written = stats_record(
        approximate(with_classes("bee", "daisy")), grid=True, top=True, timings=True, boxes=True
    )
    described = [column.name for column in STATS_COLUMNS]
    assert [name for name in described if name != "lost"] == list(written)
    assert set(stats_record(LOST, grid=True)) <= set(described)


def test_the_names_in_csv_are_those_that_are_described():
    record = stats_record(with_classes("bee"), grid=True, top=True)
    for column in STATS_COLUMNS:
        if column.in_csv and column.name in record:
            first = column.in_csv.replace("NAME", "bee").replace(",", " ").split()[0]
            assert first.rstrip(";") in csv_record({column.name: record[column.name]})


def test_a_status_card_says_when_it_was():
    assert stats_record(LOST, grid=True)["at"] == "2026-05-01T12:00:00.000+02:00"


def test_every_chosen_class_has_its_figures_and_with_a_grid_its_map():
    record = stats_record(with_classes("bee", "crane (wading bird)"), grid=True)
    assert list(record["classes"]) == ["bee", "crane (wading bird)"]
    bee = record["classes"]["bee"]
    assert list(bee) == [
        "max", "mean", "peak", "centre", "extent", "logit", "probability", "window", "grid",
    ]  # fmt: skip
    assert (bee["max"], bee["peak"], bee["grid"][6][6]) == (6.0, [6, 6], 6.0)
    assert "grid" not in stats_record(with_classes("bee"), grid=False)["classes"]["bee"]


def test_in_csv_each_class_has_columns_of_its_own():
    flat = csv_record(stats_record(with_classes("bee", "ant"), grid=True))
    assert (flat["bee_max"], flat["ant_max"]) == (6.0, 7.0)
    assert (flat["ant_peak_row"], flat["ant_peak_column"], flat["ant_grid_0_0"]) == (6, 6, 1.0)
    assert (flat["bee_centre_x"], flat["bee_extent_height"]) == tuple(
        stats_record(with_classes("bee"), grid=False)["classes"]["bee"][key][place]
        for key, place in (("centre", 0), ("extent", 1))
    )
    assert "classes" not in flat
    assert flat["max"] == 6.0


def test_a_single_class_has_todays_record_and_the_time():
    assert list(stats_record(ANNOTATED, grid=False)) == [
        "frame", "time_s", "class", "max", "mean", "peak", "centre", "extent", "logit",
        "probability", "window", "fps", "latency_ms", "at", "picture",
    ]  # fmt: skip


def test_a_record_says_where_the_evidence_lies_in_pixels_of_the_frame():
    record = stats_record(ANNOTATED, grid=False)
    located = centre_of_map(ANNOTATED.activation.grid, ANNOTATED.placement)
    assert record["centre"] == [round(value, 2) for value in located.centre]
    assert record["extent"] == [round(value, 2) for value in located.extent]
    flat = csv_record(record)
    assert [flat["centre_x"], flat["centre_y"]] == record["centre"]
    assert [flat["extent_width"], flat["extent_height"]] == record["extent"]


def test_where_nothing_speaks_for_the_class_there_is_no_centre():
    nowhere = replace(ANNOTATED, stats=replace(ANNOTATED.stats, located=lambda: None))
    record = stats_record(nowhere, grid=False)
    assert record["centre"] is record["extent"] is None
    flat = csv_record(record)
    assert flat["centre_x"] is flat["extent_height"] is None
    assert list(flat) == list(csv_record(stats_record(ANNOTATED, grid=False)))
