"""The metadata of a recording."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from annotated_frames import RECORDING, annotated_frames_of, class_map_of
from sinks.recording.recordings import record
from support import livecam_here, textured

import av
from livecam.core.class_figures import class_figures_of
from livecam.core.split_limit import split_limit
from livecam.settings.schema import Settings
from livecam.sinks.recording.encoder_catalogue import EncoderRequest
from livecam.sinks.recording.metadata import run_metadata
from livecam.sinks.recording.options import RecordingOptions
from livecam.sinks.recording.settings_in_force import MOST_CHANGES, SettingsHistory


FLOWERS = ["--model", "flowers", "--no-window"]


def test_a_file_says_what_it_is_how_it_was_made_and_how_long(tmp_path):
    flags = [*FLOWERS, "--scene-size", "160x120", "--frames", 30, "--record", "r.mp4"]
    assert livecam_here("daisy", *flags, "--gain", 0.2, cwd=tmp_path).returncode == 0
    with av.open(str(tmp_path / "r.mp4")) as container:
        assert container.metadata["title"] == "livecam: daisy"
        about = json.loads(container.metadata["comment"])
    assert (about["frames"], about["dropped"], about["class"]) == (30, 0, "daisy")
    assert about["heat"]["gain"] == 0.2
    assert "flowers" in about["model"]
    assert {"livecam", "pyav", "encoder", "seconds"} <= set(about)
    assert str(tmp_path) not in json.dumps(about)


def about(path):
    with av.open(str(path)) as container:
        return json.loads({k.casefold(): v for k, v in container.metadata.items()}["comment"])


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_heat_and_class_are_those_in_force_and_each_change_has_its_time(suffix, tmp_path):
    """Not those that the run began with: keys and page had changed them before, and do after."""
    begun = replace(RECORDING, opacity=0.75, colormap="jet")
    later = replace(begun, opacity=0.5, auto=True)
    given = annotated_frames_of([textured(64, 48)] * 90)
    views = [begun] * 30 + [replace(begun, top_five=True)] * 15 + [later] * 45
    given = [replace(each, view=view) for each, view in zip(given, views, strict=True)]
    given[75:] = [
        replace(each, stats=replace(each.stats, class_name="rose")) for each in given[75:]
    ]
    path = tmp_path / f"r{suffix}"
    metadata = run_metadata(Settings(), "a fake")
    record(
        RecordingOptions(path, tmp_path, EncoderRequest(live=False), run_metadata=metadata), given
    )
    found = about(path)
    assert (found["class"], found["heat"]["opacity"], found["heat"]["act_max"]) == (
        "daisy", 0.75, 36.0,
    )  # fmt: skip
    assert found["heat"]["colormap"] == "jet"
    assert found["changes"] == [
        {"time_s": 1.5, "act_max": "auto", "opacity": 0.5},
        {"time_s": 2.5, "class": "rose"},
    ]


def test_every_piece_has_the_settings_of_its_own_beginning(tmp_path):
    given = annotated_frames_of([textured(64, 48)] * 90)
    given[45:] = [replace(each, view=replace(RECORDING, gain=0.2)) for each in given[45:]]
    path = tmp_path / "r.mp4"
    split = split_limit("1s")
    record(RecordingOptions(path, tmp_path, EncoderRequest(live=False), split=split), given)
    first, second, third = (about(tmp_path / f"r{number}.mp4") for number in ("", "_2", "_3"))
    assert (first["heat"]["gain"], "changes" in first) == (0.1, False)
    assert second["heat"]["gain"] == 0.1
    assert second["changes"] == [{"time_s": 0.5, "gain": 0.2}]
    assert (third["heat"]["gain"], "changes" in third) == (0.2, False)


def test_changes_are_bounded_and_counted():
    (given,) = annotated_frames_of([textured(64, 48)])
    history = SettingsHistory(Fraction(1, 1000))
    for number in range(MOST_CHANGES + 51):
        view = replace(RECORDING, opacity=number % 2 / 2)
        history.add(replace(given, view=view), number)
    found = history.metadata(0, None)
    assert len(found["changes"]) == MOST_CHANGES
    assert found["more_changes"] == 50
    assert history.metadata(3, 5)["changes"] == [{"time_s": 0.001, "opacity": 0.0}]


def test_the_other_class_of_a_pair_is_named():
    (frame,) = annotated_frames_of([textured(64, 48)])
    history = SettingsHistory(Fraction(1, 1000))
    history.add(frame, 0)
    placed = class_figures_of(class_map_of(frame.activation), "rose")
    pair = replace(frame, view=replace(frame.view, style="pair"), second=placed)
    history.add(pair, 1000)
    (change,) = history.metadata(0, None)["changes"]
    assert change == {"time_s": 1.0, "view": "pair", "second_class": "rose"}


def test_of_a_network_with_a_scale_of_its_own_the_gain_is_said_to_be_fitted():
    (frame,) = annotated_frames_of([textured(64, 48)])
    history = SettingsHistory(Fraction(1, 1000))
    history.add(frame, 0)
    history.add(replace(frame, view=replace(frame.view, gain_is_relative=True)), 1)
    assert "gain_is_relative" not in history.at(0)
    assert history.at(1)["gain_is_relative"]


def test_a_file_with_approximate_maps_says_so_and_one_with_exact_maps_does_not():
    (exact,) = annotated_frames_of([textured(64, 48)])
    approximate = replace(exact, stats=replace(exact.stats, is_approximate=True))
    for frame, expected in ((exact, None), (approximate, True)):
        history = SettingsHistory(Fraction(1, 30))
        history.add(frame, 0)
        assert history.metadata(0, None).get("approximate") is expected
        assert "approximate" not in history.metadata(0, None)["heat"]
