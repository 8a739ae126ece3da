"""Why a camera did not open, and what a user can do about it: the system is asked."""

import os
import sys
from pathlib import Path

WITHOUT_CAMERA = "Without a camera, try a clip or picture, livecam daisy, or livecam demo"


def advice_for(device: str, *, opened: bool = False, root: Path = Path("/")) -> str:
    """The probable cause, and what the user can do, without a full stop.

    Args:
        device: an index like "0" or a path like "/dev/video0".
        opened: it did open, and gives no picture.
        root: where the file system begins; elsewhere in tests.
    """
    if sys.platform == "darwin":
        return (
            "macOS may just have asked for permission: allow it, then start again (System "
            "Settings, Privacy & Security, Camera, your terminal). Or is another program using "
            f"it? {WITHOUT_CAMERA}"
        )
    if sys.platform == "win32":
        return (
            "is another program using it, or is it not allowed? Look at Settings, Privacy & "
            f'security, Camera, "Let desktop apps access your camera". {WITHOUT_CAMERA}'
        )
    path = root / (f"dev/video{device}" if device.isdigit() else device.lstrip("/"))
    return _linux_advice(device, path, root, opened=opened)


def _linux_advice(device: str, path: Path, root: Path, *, opened: bool) -> str:
    shown = f"/dev/video{device}" if device.isdigit() else device
    if not path.exists():
        return f"there is no {shown} here{_alternatives(shown, root)}. {WITHOUT_CAMERA}"
    if not os.access(path, os.R_OK | os.W_OK):
        return (
            f"no permission for {shown}. Join the group video: sudo usermod -aG video $USER, "
            "then log in again"
        )
    users = processes_using(path, root)
    if users:
        return f"{' and '.join(users)} is using it: close it first. {WITHOUT_CAMERA}"
    if opened:
        return (
            f"unplug it and plug it in again, or try another --size or --fourcc. {WITHOUT_CAMERA}"
        )
    return (
        f"is another program using it, or is {shown} no camera? livecam devices lists them. "
        f"{WITHOUT_CAMERA}"
    )


def _alternatives(shown: str, root: Path) -> str:
    """Other cameras that are there, or why there can be none."""
    others = [f"/dev/{path.name}" for path in sorted((root / "dev").glob("video[0-9]*"))]
    if others:
        return f", but there is {', '.join(others)}: livecam devices lists what they are"
    if is_wsl(root):
        return (
            ": WSL has no access to the cameras of Windows. Attach a USB camera with usbipd "
            "(usbipd attach --wsl), or run livecam in Windows"
        )
    if is_container(root):
        return f": pass the camera to the container with --device {shown}"
    return "; no camera is attached"


def is_wsl(root: Path = Path("/")) -> bool:
    """Whether this Linux runs inside Windows."""
    try:
        return "microsoft" in (root / "proc/version").read_text("utf-8", "replace").casefold()
    except OSError:
        return False


def is_container(root: Path = Path("/")) -> bool:
    """Whether this is a container, which sees only the devices passed to it."""
    return any((root / mark).exists() for mark in (".dockerenv", "run/.containerenv"))


def processes_using(path: Path, root: Path = Path("/")) -> list[str]:
    """Programs that hold a device open, like "cheese (process 4711)"; only those we may inspect."""
    found, device = [], path.resolve()  # it may be a link in /dev/v4l
    for process in (root / "proc").glob("[0-9]*"):
        if process.name == str(os.getpid()):
            continue
        try:
            held = any(link.readlink() in (path, device) for link in (process / "fd").iterdir())
            if held:
                name = (process / "comm").read_text("utf-8", "replace").strip()
                found.append(f"{name} (process {process.name})")
        except OSError:  # it has ended, or belongs to another user
            continue
    return found
