"""Says which other cameras are attached where the user named none."""

from collections.abc import Sequence

from livecam.cli.console import say
from livecam.core.printable_text import printable
from livecam.sources.camera.listing import CameraDevice, list_cameras


def report_other_cameras(command: str) -> None:
    """One line where there are several: the one that is opened, and how to open the others.

    Args:
        command: what was typed, like "livecam serve".
    """
    line = other_cameras_line(list_cameras()[0], command)
    if line:
        say(line)


def other_cameras_line(cameras: Sequence[CameraDevice], command: str) -> str:
    """The line; "" where there is no choice."""
    giving = [camera for camera in cameras if camera.modes != []]  # others record no pictures
    first = next((camera for camera in giving if camera.number == 0), None)
    others = [camera for camera in giving if camera is not first]
    if not others:
        return ""
    named = ", ".join(f"{command} {c.number} ({printable(c.name)})" for c in others)
    opened = "there is no camera 0" if first is None else f"camera 0 is {printable(first.name)}"
    return f"{opened}; for another one: {named}"
