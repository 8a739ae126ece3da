"""`livecam devices`: the cameras, as a table or as JSON."""

import dataclasses
import json

from livecam.cli.console import say
from livecam.cli.tables import print_table
from livecam.core.printable_text import printable
from livecam.sources.camera.listing import list_cameras
from livecam.sources.camera.v4l2 import Mode


def modes_text(modes: list[Mode] | None) -> str:
    """One line for each format: its sizes, each with its fastest rate."""
    if modes is None:
        return "not reported by this system"
    sizes: dict[str, list[str]] = {}
    for mode in modes:
        fastest = f"@{mode.rates[0]:.4g}" if mode.rates else ""
        sizes.setdefault(printable(mode.fourcc), []).append(f"{mode.width}x{mode.height}{fastest}")
    return "\n".join(f"{fourcc}: {', '.join(texts)}" for fourcc, texts in sizes.items())


def list_devices(*, as_json: bool) -> int:
    """Print the cameras to standard output."""
    cameras, problem = list_cameras()
    if problem:
        say(f"cameras cannot be listed here ({problem}): open one by its number, livecam 0")
    if as_json:
        print(json.dumps([dataclasses.asdict(camera) for camera in cameras], indent=1))
        return 0
    if problem:
        return 0
    if not cameras:
        say("no camera found; without one, try a clip or picture, livecam daisy, or livecam demo")
        return 0
    rows = [
        (str(c.number), c.name, f"livecam {c.number}", c.path, c.usb_id, modes_text(c.modes))
        for c in cameras
    ]
    print_table(("number", "name", "opened by", "path", "USB", "modes"), rows)
    say("a part of the name works, too, like livecam logitech; on the page the list is at the top")
    return 0
