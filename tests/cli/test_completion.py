"""Tab completion: installed by one command, and what the shells then offer."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from livecam.cli.app import main
from livecam.cli.commands import build_app
from livecam.cli.completion import completion_script
from livecam.settings.precedence import SettingOrigins


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home folder of our own."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("ZSH", "ZSH_CUSTOM", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


OFFERED = r"""
source "$1"
cd "$2"
offered() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _livecam; echo "${COMPREPLY[*]}"; }
offered livecam de
offered livecam --mod
offered livecam --model ""
offered livecam --record cl
complete -p livecam
"""  # noqa: E501


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_completes_commands_flags_values_and_files(home, capsys):
    (home / "clip.mp4").touch()
    assert main(["--install-completion", "--shell", "bash"]) == 0
    said = capsys.readouterr().err
    script = Path(re.search(r"to (\S+): open a new bash", said).group(1))
    assert script.is_relative_to(home)
    assert str(script) in (home / ".bashrc").read_text()
    words = ["bash", "-c", OFFERED, "test", str(script), str(home)]
    printed = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True).stdout
    assert printed.splitlines() == [
        "demo devices",
        "--model",
        "imagenet flowers",
        "clip.mp4",
        "complete -o default -F _livecam livecam",  # files for SOURCE, too
    ]


def test_zsh_offers_files_beside_commands_and_for_every_source():
    script = completion_script(build_app(SettingOrigins()), "zsh")
    assert re.search(r"_describe -t commands 'command' commands\n +_files\n", script)
    sources = re.findall(r"'1:(?:Camera|As for)[^\n]*", script)
    assert len(sources) == 3  # run, serve, bench
    assert all(line.endswith(":_files' \\") for line in sources)


def test_a_shell_that_cannot_be_told_is_asked_for(home, monkeypatch, capsys):
    from cyclopts.completion.detect import ShellDetectionError

    def not_found():
        raise ShellDetectionError("no")

    monkeypatch.setattr("livecam.cli.completion.detect_shell", not_found)
    assert main(["--install-completion"]) == 2
    assert "add --shell bash, zsh, fish or powershell." in capsys.readouterr().err


def test_a_home_that_cannot_be_written_is_one_line(home, monkeypatch, capsys):
    (home / ".local").write_text("in the way")
    assert main(["--install-completion", "--shell", "bash"]) == 5
    assert "the completion for bash was not written" in capsys.readouterr().err
