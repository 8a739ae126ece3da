"""The check of `livecam doctor` that judges the settings: files, variables, and --config."""

from cyclopts import App, CycloptsError

from livecam.cli.console import never_print, shown
from livecam.cli.doctor_checks import Check
from livecam.cli.usage_errors import is_of_watch, parser_message
from livecam.core.formatting import counted
from livecam.errors import LivecamError
from livecam.settings.camera_tables import camera_tables
from livecam.settings.precedence import WATCH, SettingOrigins
from livecam.settings.watch import WatchSettings


def check_settings(app: App, origins: SettingOrigins) -> Check:
    """Whether livecam would start with the settings that are there.

    Args:
        app: the program, which reads and checks them all.
        origins: filled by it.
    """
    try:
        of_watch = _read(app, origins)
    except (CycloptsError, LivecamError) as error:
        never_print(origins.secrets)
        text = parser_message(error) if isinstance(error, CycloptsError) else str(error)
        found = shown(" ".join(text.split()).rstrip("."))
        return Check("settings", "bad", found, "correct it; livecam config prints every setting")
    sources = {origin for origin in origins.by_name.values() if origin != "flag"}
    found = f"from {', '.join(sorted(sources))}" if sources else "none given: all defaults"
    return Check("settings", "ok", shown(found + of_watch))


def _read(app: App, origins: SettingOrigins) -> str:
    """Read them all, as `livecam watch` does where the file is one of its; says so then.

    Raises:
        CycloptsError, LivecamError: they are not right.
    """
    try:
        app.parse_args(["config"], exit_on_error=False, print_error=False)
    except CycloptsError as error:
        if not is_of_watch(error):
            raise
    else:
        return ""
    origins.forget()
    _, bound, _ = app.parse_args([WATCH], exit_on_error=False, print_error=False)
    common = bound.kwargs.get("watch") or WatchSettings()
    file, tables = origins.camera_file, origins.camera_tables
    cameras = () if file is None else camera_tables(tables, file, common, ())
    return f", for livecam watch, with {counted(len(cameras), 'camera')}"
