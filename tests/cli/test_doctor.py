"""livecam doctor: each check says how it is; the exit code is 0 only if the main job can run."""

import json
from pathlib import Path

import pytest

from livecam.cli import doctor

from livecam.cli import doctor_checks
from livecam.cli.app import main
from livecam.cli.doctor_checks import Check, wheels
from livecam.cli.doctor import main_problem
from livecam.models import availability
from livecam.models.availability import ModelState


@pytest.mark.parametrize(
    ("installed", "state", "do"),
    [
        ({"opencv-python"}, "ok", ""),
        ({"opencv-python-headless"}, "warn", "pip install opencv-python"),
        (
            {"opencv-python", "opencv-python-headless"},
            "warn",
            "uninstall -y opencv-python-headless",
        ),
        ({"opencv-contrib-python", "opencv-python"}, "warn", "uninstall -y opencv-contrib-python "),
        (set(), "ok", ""),
    ],
)
def test_wheels_that_overwrite_each_other_are_found(installed, state, do):
    (check,) = wheels(lambda name: "5.0" if name in installed else "")
    assert check.state == state
    assert do in check.do


def test_the_main_job_needs_a_window_or_an_encoder_and_nothing_bad():
    window, encoder = Check("window", "ok", ""), Check("encoders", "ok", "")
    no_window, no_encoder = Check("window", "warn", ""), Check("encoders", "warn", "")
    assert main_problem([window, encoder, Check("cameras", "warn", "none")]) == ""
    assert main_problem([no_window, encoder]) == ""
    assert main_problem([window, no_encoder]) == ""
    assert main_problem([no_window, no_encoder])
    assert "engine: broken" in main_problem([window, encoder, Check("engine", "bad", "broken")])


def raises():
    raise ZeroDivisionError("no way [/x]")
    yield


@pytest.mark.parametrize(
    ("broken", "name", "state"),
    [
        ("engine", "engine", "bad"),
        ("other_engine", "other engine", "warn"),
        ("cameras", "cameras", "warn"),
        ("display", "window", "warn"),
    ],
)
def test_a_check_that_fails_itself_stops_the_job_only_where_that_needs_it(
    broken, name, state, monkeypatch, capsys
):
    monkeypatch.setattr(doctor_checks, broken, raises)
    monkeypatch.setattr(doctor, "all_checks", lambda: iter(found))
    found = list(doctor_checks.all_checks())
    (failed,) = [check for check in found if "ZeroDivisionError" in check.found]
    assert (failed.name, failed.state) == (name, state)
    assert failed.do
    assert {"Python", "libraries", "encoders", "cache"} <= {check.name for check in found}
    assert main(["doctor"]) == (1 if state == "bad" else 0)
    assert "[/x]" in capsys.readouterr().out.replace("\n", "")


def test_without_a_camera_the_way_out_is_named(monkeypatch):
    monkeypatch.setattr("livecam.sources.camera.listing._enumerate_cameras", lambda *_: [])
    for platform in ("linux", "darwin", "win32"):
        monkeypatch.setattr("livecam.sources.camera.advice.sys.platform", platform)
        found = next(iter(doctor_checks.cameras()))
        assert (found.name, found.state, found.found) == ("cameras", "warn", "none")
        assert "livecam demo" in found.do


def test_cameras_that_cannot_be_listed_may_still_be_there(monkeypatch):
    monkeypatch.setattr("livecam.sources.camera.listing._enumerate_cameras", lambda *_: 1 / 0)
    found = next(iter(doctor_checks.cameras()))
    assert found.state == "warn"
    assert "cannot be listed" in found.found
    assert "livecam 0" in found.do


@pytest.mark.parametrize(
    ("ready", "state"),
    [
        ({"flowers", "imagenet 1"}, "ok"),
        ({"flowers"}, "warn"),
        ({"flowers", "imagenet 0.75", "imagenet 0.5"}, "warn"),
    ],
)
def test_what_plain_livecam_has_to_fetch_is_reported_with_the_way_round(ready, state, monkeypatch):
    def is_there(spec):
        given = spec.name if spec.bundle else f"{spec.name} {spec.alpha:g}"
        return ModelState(spec, Path("x"), 1.0 if given in ready else None)

    monkeypatch.setattr(availability, "_state", is_there)
    (found,) = doctor_checks.weights()
    assert found.state == state
    assert ("livecam demo" in found.do) == (state == "warn")


def test_both_engines_are_measured():
    found = {
        check.name: check.found
        for check in (*doctor_checks.engine(), *doctor_checks.other_engine())
    }
    names = {words.split(", ")[1] for words in (found["engine"], found["other engine"])}
    assert names == {"LiteRT", "TensorFlow"}
    assert all("frames per second" in found[which] for which in ("engine", "other engine"))


def test_as_json_and_as_a_table_and_the_exit_code(monkeypatch, capsys):
    few = [Check("Python", "ok", "3.11"), Check("encoders", "ok", "h264 by libx264")]
    monkeypatch.setattr(doctor, "all_checks", lambda: iter(few))
    assert main(["doctor", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[-1] == {
        "name": "encoders", "state": "ok", "found": "h264 by libx264", "do": "",
    }  # fmt: skip
    assert main(["doctor"]) == 0
    assert "h264 by libx264" in capsys.readouterr().out
    few[0] = Check("cache", "ok", "/a[red]/" + "0123456789" * 20)
    assert main(["doctor"]) == 0
    letters = set("0123456789/a[red]")
    shown = "".join(letter for letter in capsys.readouterr().out if letter in letters)
    assert few[0].found in shown  # none of a long path is cut off, nothing taken for markup
    few[1] = Check("encoders", "warn", "none", "pip install --force-reinstall av")
    assert main(["doctor"]) == 1
    assert "neither a window nor an encoder" in capsys.readouterr().err


def test_this_machine_is_fit(capsys):
    assert main(["doctor", "--json"]) == 0
    found = {check["name"]: check for check in json.loads(capsys.readouterr().out)}
    assert "frames per second" in found["engine"]["found"]
    assert "h264" in found["encoders"]["found"]
