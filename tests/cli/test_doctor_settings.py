"""livecam doctor judges the settings: what would stop livecam stops the doctor's good word."""

import json

import pytest

from livecam.cli import console, doctor
from livecam.cli.app import main

SECRET = "hunter2!" * 2


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """An empty folder, and a machine on which everything else is well."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(console, "_secrets", set())
    monkeypatch.setattr("livecam.settings.precedence.user_file", lambda: tmp_path / "user.toml")
    others = [doctor.Check("window", "ok", "")]
    monkeypatch.setattr(doctor, "all_checks", lambda: iter(others))
    return tmp_path


def judged(capsys, *flags):
    code = main(["doctor", "--json", *flags])
    return code, json.loads(capsys.readouterr().out)[0]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("livecam.toml", "alpha = [", "not TOML"),
        ("livecam.toml", "alpha = 0.6", "alpha"),
        ("livecam.toml", "colour-map = 1", "no setting colour-map: did you mean colormap?"),
        ("livecam.toml", "alhpa = 1.0", "no setting alhpa: did you mean alpha?"),
        ("livecam.toml", "rubbish = 1", "no setting rubbish: livecam config prints all of them"),
        ("livecam.toml", 'record = "a.mp4"', "not taken from the current folder"),
        ("user.toml", "frames = 0", "user.toml"),
        ("user.toml", f'token = ["{SECRET}"]', "token"),
    ],
)
def test_a_broken_file_is_bad(name, text, words, place, capsys):
    (place / name).write_text(text)
    code, found = judged(capsys)
    assert (code, found["name"], found["state"]) == (1, "settings", "bad")
    assert words in found["found"]
    assert SECRET not in found["found"]
    assert found["do"]


def test_a_broken_variable_is_bad(capsys, monkeypatch):
    monkeypatch.setenv("LIVECAM_VIEW", "rainbow")
    assert judged(capsys)[1]["state"] == "bad"


def test_a_named_file_is_judged(place, capsys):
    (place / "my.toml").write_text("gain = 0")
    assert judged(capsys, "--config", "my.toml")[0] == 1
    (place / "my.toml").write_text("gain = 0.2")
    code, found = judged(capsys, "--config", "my.toml")
    assert (code, found["state"]) == (0, "ok")
    assert "my.toml" in found["found"]


WATCHED = 'when = "daisy > 0.8"\n[camera.bed]\nsource = "0"\n'


def test_a_file_of_watch_is_judged_as_such(place, capsys):
    (place / "garden.toml").write_text(WATCHED)
    code, found = judged(capsys, "--config", "garden.toml")
    assert (code, found["state"]) == (0, "ok")
    assert "garden.toml, for livecam watch, with 1 camera" in found["found"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f'{WATCHED}look-every = "often"', '[camera.bed]: Invalid value for look-every: "often"'),
        (f"{WATCHED}lok-every = 1", "there is no lok-every of a camera"),
        (f"gain = 0\n{WATCHED}", "gain"),
        (f'seconds = "x"\n{WATCHED}', '"x" is not a number'),
    ],
)
def test_a_mistake_in_a_file_of_watch_is_found(text, words, place, capsys):
    (place / "garden.toml").write_text(text)
    code, found = judged(capsys, "--config", "garden.toml")
    assert (code, found["state"]) == (1, "bad")
    assert words in found["found"]
    assert "to convert" not in found["found"]


def test_without_any_all_are_defaults(capsys):
    assert judged(capsys) == (
        0,
        {"name": "settings", "state": "ok", "found": "none given: all defaults", "do": ""},
    )
