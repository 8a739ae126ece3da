"""The check of `livecam doctor` that judges the settings: files, variables, and --config."""

from cyclopts import App, CycloptsError

from livecam.cli.console import never_print, shown
from livecam.cli.doctor_checks import Check
from livecam.cli.usage_errors import in_words_of_the_file
from livecam.errors import LivecamError
from livecam.settings.precedence import SettingOrigins


def check_settings(app: App, origins: SettingOrigins) -> Check:
    """Whether livecam would start with the settings that are there.

    Args:
        app: the program, which reads and checks them all.
        origins: filled by it.
    """
    try:
        app.parse_args(["config"], exit_on_error=False, print_error=False)
    except (CycloptsError, LivecamError) as error:
        never_print(origins.secrets)
        found = shown(" ".join(in_words_of_the_file(str(error)).split()).rstrip("."))
        return Check("settings", "bad", found, "correct it; livecam config prints every setting")
    sources = {origin for origin in origins.by_name.values() if origin != "flag"}
    found = f"from {', '.join(sorted(sources))}" if sources else "none given: all defaults"
    return Check("settings", "ok", shown(found))
