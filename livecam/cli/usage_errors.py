"""Wrong arguments in one line each, in words for the user: the parser's own are for programmers."""

import difflib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from cyclopts import App, CycloptsError, UnusedCliTokensError

from livecam.core.printable_text import quoted
from livecam.core.redaction import without_credentials
from livecam.errors import SettingsError, SourceError
from livecam.settings.parser_messages import in_plain_words
from livecam.settings.precedence import keys_of_watch

_WITH_SOURCE = frozenset({"", "run", "serve", "bench"})
_UNKNOWN_KEY = re.compile(
    r'^Unknown option: "\[?([^\]"]+)[^"]*" from (.+?)\.?(?: Did you mean --[\w-]+\?)?$'
)
_LIKENESS = 0.7  # "serv" and "serve": 0.89; "benhc": 0.8


def usage_message(error: CycloptsError, tokens: Sequence[str], app: App) -> str:
    """A wrong argument in one line, with the help that says more.

    The message may repeat what was typed, but no credentials of a URL in it.

    Args:
        error: of the parser.
        tokens: what was typed.
        app: the program, which knows its commands.
    """
    chain = tuple(error.command_chain or ())
    text = str(error)
    if isinstance(error, UnusedCliTokensError) and error.unused_tokens:
        text = _one_too_many(error.unused_tokens[0], tokens, chain, app)
    else:
        text = parser_message(error)
    for word in [*tokens, *(token.partition("=")[2] for token in tokens)]:
        typed, shown = word.strip(), without_credentials(word)
        text = text.replace(typed, shown) if typed and shown != typed else text
    return f"{' '.join(text.split())} See '{' '.join(('livecam', *chain))} --help'."


def parser_message(error: CycloptsError) -> str:
    """What the parser says, for the user; of an unknown key of a file what may be meant."""
    text = in_plain_words(error)
    found = _UNKNOWN_KEY.match(" ".join(text.split()))
    if found is None:
        return text
    from livecam.cli.config import flat_settings
    from livecam.settings.schema import Settings

    key, path = found.groups()
    if key in keys_of_watch():
        return f"{path}: {key} is a setting of livecam watch alone: livecam watch {path}"
    names = [*(name for name, _ in flat_settings(Settings())), *keys_of_watch()]
    if key in names:
        return f"{path}: {key} has one value, it is no table: write {key} = ..., not [{key}]."
    similar = difflib.get_close_matches(key.casefold(), names, 1, _LIKENESS)
    hint = f"did you mean {similar[0]}? " if similar else ""
    return f"{path}: there is no setting {key}: {hint}livecam config prints all of them."


def is_of_watch(error: CycloptsError) -> bool:
    """Whether the parser refuses a settings file for a key that livecam watch takes."""
    found = _UNKNOWN_KEY.match(" ".join(str(error).split()))
    return found is not None and found[1] in keys_of_watch()


def command_names(app: App) -> list[str]:
    """The commands of the program, or those of one of its commands."""
    return [name for name in app if not name.startswith("-")]


def similar_command(word: str, commands: Iterable[str]) -> str | None:
    """The command that was probably meant; None where it looks like something else."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z-]*", word):  # a flag is no command
        return None
    found = difflib.get_close_matches(word.casefold(), list(commands), 1, _LIKENESS)
    return found[0] if found else None


def refuse_mistyped_command(source_text: str, commands: Iterable[str]) -> None:
    """Raise SettingsError where SOURCE is nothing that opens, but nearly a command."""
    command = similar_command(source_text, commands)
    if command is None:
        return
    from livecam.sources.open_source import create_source

    try:
        create_source(source_text)
    except SourceError as error:
        raise SettingsError(
            f"there is no command, file or camera {quoted(source_text)}: "
            f"did you mean 'livecam {command}'?"
        ) from error


def _may_be_a_list(word: str, before: Sequence[str]) -> bool:
    """Whether a shell has made files of a pattern that was not in quotes."""
    if any(sign in name for name in (word, *before) for sign in "*?["):
        return False
    path, others = Path(word), [Path(name) for name in before if not name.startswith("-")]
    return any(
        other.suffix == path.suffix != "" or (other.exists() and path.exists()) for other in others
    )


def no_command_of_models(word: str, names: Sequence[str]) -> str:
    """That `livecam models` has no such command."""
    command = similar_command(word, names)
    hint = f"did you mean {quoted(command)}?" if command else "there are fetch and measure."
    return f"models has no command {quoted(word)}: {hint}"


def _one_too_many(word: str, tokens: Sequence[str], chain: tuple[str, ...], app: App) -> str:
    """Why an argument has no place."""
    before = list(tokens[: tokens.index(word)]) if word in tokens else []
    if chain == ("models",):
        first = before[-1] if len(before) > 1 else word
        if not Path(first).exists():
            return no_command_of_models(first, command_names(app["models"]))
    if not chain:
        for candidate in before:
            command = similar_command(candidate, command_names(app))
            if command is not None and not Path(candidate).exists():
                return f"there is no command {quoted(candidate)}: did you mean {quoted(command)}?"
    text = f"{quoted(word)} is one argument too many"
    if " ".join(chain) not in _WITH_SOURCE:
        return f"{text}."
    if _may_be_a_list(word, before):
        return f"{text}: there is one SOURCE; put a pattern in quotes, like 'photos/*.jpg'."
    return f"{text}: there is one SOURCE."
