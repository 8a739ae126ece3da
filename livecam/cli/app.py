"""The program: runs a command; every error ends here in one line and the exit code."""

import io
import os
import sys
import traceback
from collections.abc import Sequence

from cyclopts import CycloptsError

from livecam.cli.commands import build_app, run_command
from livecam.cli.console import never_print, say
from livecam.cli.stderr_queue import queued_stderr
from livecam.cli.stop_signals import INTERRUPTED, Stopped, code_of_interrupt
from livecam.errors import LivecamError
from livecam.native.silenced_stderr import restore_stderr
from livecam.settings.precedence import ENV_PREFIX, SettingOrigins, secrets_of_setting

USAGE_ERROR = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; gives the exit code. An unexpected exception is printed, and is 1."""
    with queued_stderr():
        try:
            return _run(list(sys.argv[1:] if argv is None else argv))
        except (Exception, Stopped) as error:
            code = code_of_interrupt(error)
            if code is not None:
                return code
            restore_stderr()  # a thread may still silence it
            traceback.print_exc()
            return 1


def _run(tokens: list[str]) -> int:
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Names of files and cameras print whatever the terminal's encoding (Windows' cp1252).
        sys.stdout.reconfigure(errors="backslashreplace")
    app = build_app(SettingOrigins())
    never_print(given_secrets(tokens))
    try:
        code = run_command(app, tokens)
    except CycloptsError as error:
        from livecam.cli.usage_errors import usage_message

        say(usage_message(error, tokens, app))
        return USAGE_ERROR
    except LivecamError as error:
        return _report(error)
    except BrokenPipeError:  # the reader of standard output has closed it, like head
        return 0
    except SystemExit as error:
        if not isinstance(error.__context__, BrokenPipeError):
            raise
        code = 0  # rich's answer to the same, where it prints the help
    except OSError as error:  # standard output is full or gone, or a file that nobody checked
        # Of standard output the name is "<stdout>", or there is none.
        named = f"{error.filename}: " if isinstance(error.filename, str) else ""
        say(f"could not continue ({named}{error.strerror or error}).")
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    return code or 0


def _report(error: LivecamError) -> int:
    """Say what failed, unless a signal was the cause; gives the exit code."""
    code = code_of_interrupt(error)
    if code is not None:
        return code
    say(str(error))
    return error.exit_code


def given_secrets(tokens: Sequence[str]) -> set[str]:
    """What must not be shown of what was typed, and of the variables."""
    found: set[str] = set()
    is_token = False
    for word in tokens:
        is_flag = word.startswith("-")
        flag, _, value = word.partition("=") if is_flag else ("", "", word)
        # A token with spaces that was typed without quotes is several words.
        is_token = flag == "--token" or (is_token and not is_flag)
        found |= secrets_of_setting("token" if is_token else "", value)
    for name, value in os.environ.items():
        if name.startswith(ENV_PREFIX):
            found |= secrets_of_setting(name, value)
    return found - {""}
