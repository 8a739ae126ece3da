"""The help of a command shows its own settings, and no flag of another is taken in silence."""

import itertools

import pytest

from livecam.cli.app import main
from livecam.cli.settings_per_command import EVERY_SETTING, NOT_OF_BENCH, NOT_OF_DEMO
from livecam.cli.config import flat_settings
from livecam.settings.schema import Settings


def help_of(capsys, *command):
    assert main([*command, "--help"]) == 0
    lines = capsys.readouterr().out.replace(",", " ").splitlines()
    return {flag for line in lines for flag in flags_at_the_beginning(line)}


def flags_at_the_beginning(line):
    """The flags that a line of help describes; words further on may name others."""
    words = line.strip("\u2502 *").split()
    flags = itertools.takewhile(lambda word: word.startswith("-"), words)
    return [flag.removeprefix("--") for flag in flags]


@pytest.fixture(autouse=True)
def nowhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("livecam.settings.precedence.user_file", lambda: tmp_path / "user.toml")
    return tmp_path


def test_every_setting_is_known():
    assert {name for name, _ in flat_settings(Settings())} == EVERY_SETTING
    assert NOT_OF_BENCH | NOT_OF_DEMO < EVERY_SETTING


@pytest.mark.parametrize(
    ("command", "without"),
    [("demo", NOT_OF_DEMO), ("bench", NOT_OF_BENCH), ("config", EVERY_SETTING)],
)
def test_the_help_of_a_command_shows_its_own_settings_only(command, without, capsys):
    shown = help_of(capsys, command)
    assert not shown & without
    assert shown >= EVERY_SETTING - without
    assert "config" in shown


def test_the_help_of_run_and_serve_shows_them_all(capsys):
    assert help_of(capsys, "run") >= EVERY_SETTING
    assert help_of(capsys, "serve") >= EVERY_SETTING


@pytest.mark.parametrize("flags", [["--fullscreen"], ["--port", "8000"], ["--snapshots", "x"]])
def test_bench_refuses_the_flags_that_it_does_not_have(flags, capsys):
    assert main(["bench", *flags]) == 2
    line = capsys.readouterr().err
    assert f"{flags[0]} is no setting of livecam bench" in line
    assert "livecam bench --help" in line


def test_a_file_for_all_commands_is_read_by_those_that_lack_a_setting(nowhere, capsys):
    (nowhere / "livecam.toml").write_text("fullscreen = true\nmirror = true\n")
    assert main(["bench", "nowhere.mp4"]) == 3
    assert "nowhere.mp4" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["judge", "models measure", "accuracy", "teach"])
def test_help_shows_no_values_of_python(command, capsys):
    """Before: "[default: ('measured',)]"."""
    assert main([*command.split(), "--help"]) == 0
    assert "default: (" not in " ".join(capsys.readouterr().out.split())
