"""Which events still wait for their clip with maps: an empty file beside the clip says so."""

from contextlib import suppress
from pathlib import Path

from livecam.core.watching.watch_event import day_folder, is_event_id
from livecam.errors import SinkError

SUFFIX = ".livecam-map"


def note_wanted_map(folder: Path, event: str) -> None:
    """Note that the clip of an event is to be drawn with its maps, also after a new start.

    Raises:
        SinkError: it could not be noted.
    """
    path = _path(folder, event)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    except OSError as error:
        raise SinkError(f"{path} could not be written ({error.strerror}).") from error


def forget_wanted_map(folder: Path, event: str) -> None:
    """It is drawn, or nobody wants it any more."""
    with suppress(OSError):
        _path(folder, event).unlink()


def wanted_maps(folder: Path) -> list[str]:
    """The events that wait, the oldest first."""
    names = (path.name[1 : -len(SUFFIX)] for path in folder.glob(f"*/.*{SUFFIX}"))
    return sorted(name for name in names if is_event_id(name))


def _path(folder: Path, event: str) -> Path:
    return folder / day_folder(event) / f".{event}{SUFFIX}"
