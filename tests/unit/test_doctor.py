"""livecam doctor: each check says how it is; the exit code is 0 only if the main job can run."""

import json

import pytest

from livecam.cli import checks, doctor
from livecam.cli.app import main
from livecam.cli.checks import Check, wheels
from livecam.cli.doctor import main_problem


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


def test_a_check_that_fails_itself_is_bad_and_the_others_go_on(monkeypatch):
    def falls_ill():
        raise ZeroDivisionError("no way")
        yield

    monkeypatch.setattr(checks, "engine", falls_ill)
    found = list(checks.all_checks())
    assert [c.found for c in found if c.state == "bad"] == ["the check itself failed: no way"]
    assert {"Python", "libraries", "encoders", "cache"} <= {check.name for check in found}


def test_as_json_and_as_a_table_and_the_exit_code(monkeypatch, capsys):
    few = [Check("Python", "ok", "3.11"), Check("encoders", "ok", "h264 by libx264")]
    monkeypatch.setattr(doctor, "all_checks", lambda: iter(few))
    assert main(["doctor", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[1] == {
        "name": "encoders", "state": "ok", "found": "h264 by libx264", "do": "",
    }  # fmt: skip
    assert main(["doctor"]) == 0
    assert "h264 by libx264" in capsys.readouterr().out
    few[1] = Check("encoders", "warn", "none", "pip install --force-reinstall av")
    assert main(["doctor"]) == 1
    assert "neither a window nor an encoder" in capsys.readouterr().err


def test_this_machine_is_fit(capsys):
    assert main(["doctor", "--json"]) == 0
    found = {check["name"]: check for check in json.loads(capsys.readouterr().out)}
    assert "frames per second" in found["engine"]["found"]
    assert "h264" in found["encoders"]["found"]
