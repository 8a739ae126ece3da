"""`livecam --install-completion`: Tab completes commands, flags, values and files."""

import re
from typing import TYPE_CHECKING

from cyclopts import App
from cyclopts.completion.detect import ShellDetectionError, detect_shell
from cyclopts.completion.install import add_to_rc_file, get_default_completion_path

from livecam.cli.console import say
from livecam.errors import SettingsError, SinkError

if TYPE_CHECKING:
    from livecam.cli.commands import Shell

_NAME = "livecam"
_SOURCE_IN_ZSH = re.compile(r"^( +'1:(?:Camera|As for livecam)[^\n]*)' \\$", re.MULTILINE)
_COMMANDS_IN_ZSH = "_describe -t commands 'command' commands\n"


def install_completion(app: App, shell: "Shell | None") -> int:
    """Write the script of a shell where that finds it; None stands for the shell that runs livecam.

    Raises:
        SettingsError: nobody knows which shell that is.
        SinkError: the script cannot be written.
    """
    try:
        shell = shell or detect_shell()
    except ShellDetectionError as error:
        raise SettingsError(
            "which shell this is cannot be told: add --shell bash, zsh, fish or powershell."
        ) from error
    try:
        path = get_default_completion_path(shell, _NAME).absolute()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(completion_script(app, shell), encoding="utf-8")
        if shell != "fish":  # it looks there by itself
            add_to_rc_file(path, _NAME, shell)
    except (OSError, RuntimeError) as error:  # RuntimeError: no home
        raise SinkError(
            f"the completion for {shell} was not written ({error}): check your home folder."
        ) from error
    say(f"wrote the completion for {shell} to {path}: open a new {shell}, and press Tab")
    return 0


def completion_script(app: App, shell: "Shell") -> str:
    """The script for a shell; unlike cyclopts' own it offers files for SOURCE, too."""
    script = app.generate_completion(shell=shell)
    if shell == "bash":  # where nothing else fits
        return script.replace(
            f"complete -F _{_NAME} {_NAME}", f"complete -o default -F _{_NAME} {_NAME}"
        )
    if shell == "zsh":
        script = script.replace(_COMMANDS_IN_ZSH, f"{_COMMANDS_IN_ZSH}      _files\n", 1)
        return _SOURCE_IN_ZSH.sub(r"\1:_files' \\", script)
    return script
