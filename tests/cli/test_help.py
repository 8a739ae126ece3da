"""The help of the program: every command is listed with what it does."""

import pytest

from livecam.cli import app as program
from livecam.cli.commands import build_app
from livecam.settings.precedence import SettingOrigins

COMMANDS = [name for name in build_app(SettingOrigins()) if not name.startswith("-")]


def test_the_list_of_commands_says_what_each_does(capsys):
    assert program.main(["--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for name in COMMANDS:
        [line] = [line for line in lines if line.startswith(f"│ {name} ")]
        assert len(line.removeprefix(f"│ {name} ").strip("│ ")) > 20, line


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_help(name, capsys):
    assert program.main([name, "--help"]) == 0
    assert f"Usage: livecam {name}" in capsys.readouterr().out
