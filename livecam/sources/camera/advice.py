"""Why a camera did not open, and what a user can do about it: the system is asked."""

import os
import sys
from pathlib import Path

from livecam.native.real_path import real_path

WITHOUT_CAMERA = "Without a camera, try a clip or picture, livecam daisy, or livecam demo"


def advice_for(device: str, *, opened: bool = False, root: Path = Path("/")) -> str:
    """The probable cause, and what the user can do, without a full stop.

    Args:
        device: an index like "0" or a path like "/dev/video0".
        opened: it did open, and gives no picture.
        root: where the file system begins; elsewhere in tests.
    """
    cause = cause_of(device, opened=opened, root=root)
    if is_forbidden(device, root):
        return cause
    return f"{cause}{'' if cause.endswith('?') else '.'} {WITHOUT_CAMERA}"


def cause_of(device: str, *, opened: bool = False, root: Path = Path("/")) -> str:
    """The same for this camera alone: without what to do where there is none."""
    if sys.platform == "darwin":
        return (
            "macOS may just have asked for permission: allow it, then start again; it is in System "
            "Settings, Privacy & Security, Camera, your terminal. Or is another program using it?"
        )
    if sys.platform == "win32":
        return (
            "is another program using it, or is it not allowed? Look at Settings, Privacy & "
            'security, Camera, "Let desktop apps access your camera"'
        )
    return _linux_cause(device, root, opened=opened)


def is_forbidden(device: str, root: Path = Path("/")) -> bool:
    """Whether the system says that the camera is there, and not for this user."""
    path = _device_file(device, root)
    return sys.platform == "linux" and path.exists() and not os.access(path, os.R_OK | os.W_OK)


def _device_file(device: str, root: Path) -> Path:
    return root / (f"dev/video{device}" if device.isdigit() else device.lstrip("/"))


def _linux_cause(device: str, root: Path, *, opened: bool) -> str:
    path = _device_file(device, root)
    shown = f"/dev/video{device}" if device.isdigit() else device
    if not path.exists():
        return f"there is no {shown} here{_alternatives(shown, root)}"
    if is_forbidden(device, root):
        return (
            f"no permission for {shown}. Join the group video: sudo usermod -aG video $USER, "
            "then log in again"
        )
    users = processes_using(path, root)
    if users:
        return f"{' and '.join(users)} is using it: close it first"
    if opened:
        return "unplug it and plug it in again, or try another --size or --fourcc"
    return f"is another program using it, or is {shown} no camera? livecam devices lists them"


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
    return "; no camera is attached: plug it in"


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
    found, device = [], real_path(path)  # it may be a link in /dev/v4l
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
