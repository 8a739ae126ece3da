"""Commands, settings, keys and exit codes, from the code that reads them."""

import re
import typing
from dataclasses import dataclass

from cyclopts import App
from markdown import sentence, table

from livecam import errors
from livecam.cli.app import build_app
from livecam.cli.config import flat_settings
from livecam.core.key_bindings import BINDINGS
from livecam.settings.current_folder import LOOK_AND_MODEL
from livecam.settings.schema import Settings

_OPTION = re.compile(r"\* `(?P<spelling>[^`]+)`: (?P<text>.*)")
_REMARK = re.compile(r"\*+\[(?P<name>[a-z ]+?)(?:: (?P<value>.*?))?\]\*+")


@dataclass(frozen=True)
class Option:
    """One flag or argument as cyclopts describes it."""

    group: str
    spelling: str
    text: str
    choices: str
    default: str

    @property
    def name(self) -> str:
        """The word without dashes: "act-max"; an argument's name otherwise."""
        return self.spelling.split()[0].rstrip(",").removeprefix("--")


def _options_of(app: App) -> list[Option]:
    """Every flag and argument of a command, from cyclopts' own Markdown."""
    text = app.generate_docs(output_format="markdown", recursive=False)
    options, group = [], ""
    for line in re.sub(r"\n {2,}(?=\w)", " ", text).splitlines():
        if heading := re.fullmatch(r"\*\*(.+)\*\*:", line):
            group = heading[1]
        elif (found := _OPTION.fullmatch(line)) and "](#" not in line:
            remarks = {r["name"]: r["value"] or "" for r in _REMARK.finditer(found["text"])}
            said = sentence(_REMARK.sub("", found["text"]))
            choices, default = remarks.get("choices", ""), remarks.get("default", "")
            options.append(Option(group, found["spelling"], said, choices, default))
    return options


def _app() -> App:
    hints = typing.get_type_hints(build_app)
    (origins,) = (hint for name, hint in hints.items() if name != "return")
    return build_app(origins())


def _setting_names() -> set[str]:
    return {name for name, _ in flat_settings(Settings())}


def commands() -> str:
    """A section for each command, with what is its own; the settings have their page."""
    app = _app()
    parts = [_command("livecam", app)]
    for name in app:
        if not name.startswith("-"):
            parts.append(_command(f"livecam {name}", app[name]))
            parts += [
                _command(f"livecam {name} {inner}", app[name][inner])
                for inner in app[name]
                if not inner.startswith("-")
            ]
    return "\n\n".join(parts)


def _command(title: str, app: App) -> str:
    options, settings = _options_of(app), _setting_names()
    takes_settings = settings <= {o.name for o in options}
    own = [o for o in options if not (takes_settings and o.name in settings)]
    words = "Watch a source." if title == "livecam" else (app.help or "")
    lines = [f"## {title}", "", " ".join(words.split())]
    usage = " ".join(
        [title, *(f"[{o.name}]" if o.default else o.name for o in own if not _is_flag(o))]
    )
    lines += ["", "```sh", usage + (" [--...]" if any(map(_is_flag, options)) else ""), "```", ""]
    if own:
        rows = [[_spelled(o), o.text, _default(o)] for o in own]
        lines.append(table(["argument", "what it is", "default"], rows))
    if takes_settings:
        lines += ["", "Takes every [setting](settings.md) as well."]
    return "\n".join(lines)


def _spelled(option: Option) -> str:
    return ", ".join(f"`{part.strip()}`" for part in option.spelling.split(","))


def _default(option: Option) -> str:
    """The default, where it says something: a flag that is not given is off."""
    return "" if option.default in {"", "()", "False"} else f"`{option.default}`"


def _is_flag(option: Option) -> bool:
    return option.spelling.startswith("-")


def settings() -> str:
    """A table for each group of settings.

    Raises:
        ValueError: a setting of the program is missing here.
    """
    known, parts = _setting_names(), []
    options = [o for o in _options_of(_app()) if o.name in known]
    if missing := known - {o.name for o in options}:
        raise ValueError(f"settings without a line in the reference: {missing}")
    for group in dict.fromkeys(o.group for o in options):
        rows = [_setting_row(o) for o in options if o.group == group]
        parts.append(f"## {group}\n\n" + table(["setting", "default", "what it does"], rows))
    return "\n\n".join(parts)


def _setting_row(option: Option) -> list[str]:
    variable = f"`LIVECAM_{option.name.upper().replace('-', '_')}`"
    choices = ", ".join(f"`{choice.strip()}`" for choice in option.choices.split(","))
    values = f" {'Number or' if '|' in option.spelling else 'Values:'} {choices}."
    text = f"{option.text}.{values if option.choices else ''}"
    return [f"{_spelled(option)} {variable}", _default(option), text]


def settings_of_the_current_folder() -> str:
    """The settings that ./livecam.toml may have, in the order of the reference."""
    return ", ".join(f"`{o.name}`" for o in _options_of(_app()) if o.name in LOOK_AND_MODEL)


def keys() -> str:
    """The table of keys, as the screen's help has it."""
    rows = [(" ".join(f"`{key}`" for key in b.key_names.split()), b.words) for b in BINDINGS]
    return table(["key", "what it does"], rows)


def exit_codes() -> str:
    """A table of what the program ends with."""
    rows = [["`0`", "Everything went well"]]
    classes = [c for c in vars(errors).values() if isinstance(c, type)]
    ours = [c for c in classes if issubclass(c, errors.LivecamError) and c.exit_code > 0]
    leaves = sorted(ours, key=lambda c: c.exit_code)
    for cls in leaves:
        words = "Something else failed" if cls.exit_code == 1 else (cls.__doc__ or "")
        rows.append([f"`{cls.exit_code}`", sentence(words.split("\n")[0])])
    rows += [["`129`, `130`, `143`", "The terminal was closed, Ctrl-C, SIGTERM: closed in order"]]
    return table(["exit code", "what happened"], rows)
