"""The program: runs a command; every error ends here in one line and the exit code."""

import io
import sys
from collections.abc import Sequence

from cyclopts import CycloptsError, UnusedCliTokensError

from livecam.cli.commands import build_app
from livecam.cli.console import say
from livecam.core.redaction import without_credentials
from livecam.errors import LivecamError
from livecam.settings.precedence import SettingOrigins

INTERRUPTED = 130  # Ctrl-C outside of a run; during one, cli/stop_signals.py gives the code
USAGE_ERROR = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; gives the exit code.

    Only unexpected exceptions pass through, as a traceback.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Names of files and cameras print whatever the terminal's encoding (Windows' cp1252).
        sys.stdout.reconfigure(errors="backslashreplace")
    app = build_app(SettingOrigins())
    tokens = list(sys.argv[1:] if argv is None else argv)
    try:
        code: int | None = app.meta(tokens, exit_on_error=False, print_error=False)
    except CycloptsError as error:
        say(f"{usage_message(error, tokens)} See 'livecam --help'.")
        return USAGE_ERROR
    except LivecamError as error:
        say(str(error))
        return error.exit_code
    except BrokenPipeError:  # the reader of standard output has closed it, like head
        return 0
    except OSError as error:  # standard output is full or gone
        say(f"could not continue ({error.strerror or error}).")
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    return code or 0


def usage_message(error: CycloptsError, tokens: Sequence[str]) -> str:
    """A wrong argument in one line.

    The message may repeat what was typed, but no credentials of a URL in it.

    Args:
        error: of the parser.
        tokens: what was typed.
    """
    text = str(error)
    if isinstance(error, UnusedCliTokensError) and error.unused_tokens:
        text = (
            f"{error.unused_tokens[0]!r} is one argument too many: there is one SOURCE, and a "
            "pattern like 'photos/*.jpg' goes in quotes."
        )
    for word in [*tokens, *(token.partition("=")[2] for token in tokens)]:
        text = text.replace(word, without_credentials(word)) if word.strip() else text
    return " ".join(text.split())
