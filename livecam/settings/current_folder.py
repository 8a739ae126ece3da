"""The settings file of the current folder: its name, and the settings that are taken from it.

Those are the ones of look and model, and no others.

The current folder is whatever a user unpacked, cloned or was given; a file in it must not be able
to write, to open a port, or to choose what is watched. Every setting stands in exactly one of the
two lists; a new one is refused until it does.
"""

from pathlib import Path
from typing import Any

from cyclopts import ArgumentCollection

from livecam.errors import SettingsError
from livecam.settings.file_ownership import ownership_is_known
from livecam.settings.file_reading import read_settings_file

FILE_NAME = "livecam.toml"
"""What is looked for in the current folder."""

LOOK_AND_MODEL = frozenset({
    # the network
    "model", "alpha", "weights", "class", "engine", "precision", "calibration", "threads", "every",
    "labels", "preprocess", "channel-order", "input-size",
    # what it looks at
    "area", "detail", "place",
    # the heat
    "act-max", "gain", "interpolation", "view", "colormap", "opacity",
    # what is found in it
    "boxes",
    # the window, and the built-in scene
    "window", "fullscreen", "mirror", "at-end", "speed",
    "figures", "top-five", "overlay", "paused", "keys",
    "scene-seed", "scene-flowers", "scene-others", "scene-size", "scene-rate",
})  # fmt: skip
"""Names of the settings that are taken, as the flags spell them."""

REFUSED = {
    "decides what is written": (
        "record", "stats", "grid", "top", "timings", "snapshots", "force", "codec", "quality",
        "pause", "record-clean", "record-stats", "record-figures", "record-top", "record-clock",
        "clip-before", "sound", "microphone", "disk-reserve", "verbose",
        "save-pictures", "save-every", "split", "keep-days", "keep-gb", "write-buffer",
    ),
    "decides who can see the picture": (
        "serve", "host", "port", "token", "token-file", "ask-token", "guests", "allow-host",
    ),
    "decides how the source is read": (
        "size", "rate", "fourcc", "backend", "exposure", "latency", "lost", "give-up",
        "max-megapixels", "max-part-mb",
    ),
    "decides how long it runs": ("frames", "seconds", "rate-limit"),
}  # fmt: skip
"""Names of those that are not, by the reason."""


def keys_of_current_folder(arguments: ArgumentCollection) -> dict[str, Any] | None:
    """What ./livecam.toml sets, by key; None where there is no such file.

    Args:
        arguments: every setting, as the flags name them.

    Raises:
        SettingsError: it cannot be read, is not the user's own, or sets something else than look
            and model.
    """
    keys = read_settings_file(Path(FILE_NAME), own_only=True)
    for key in keys or ():
        _refuse_beyond_look_and_model(key, arguments)
    return keys


def _refuse_beyond_look_and_model(key: str, arguments: ArgumentCollection) -> None:
    try:
        argument, _, _ = arguments.match(f"--{key}")
    except ValueError:  # not a setting: reported with all the others
        return
    name = argument.name.removeprefix("--")
    why = refusal(name)
    if why:
        raise SettingsError(
            f"./{FILE_NAME}: {name} {why}, and is not taken from the current folder: use --{name} "
            f"or LIVECAM_{name.upper().replace('-', '_')}, or name the file, --config {FILE_NAME}."
        )


def refusal(name: str) -> str:
    """Why this setting is not taken from the current folder; "" where it is."""
    if name in LOOK_AND_MODEL:
        return ""
    reasons = (reason for reason, names in REFUSED.items() if name in names)
    return next(reasons, "is not a setting of look or model")


def current_folder_notice(path: Path) -> str:
    """The line that says that the file is used."""
    unknown = "" if ownership_is_known() else "; who else can write to it is not known here"
    return f"settings of look and model are taken from {path}{unknown}"
