"""What is watched, from the settings; and the settings read again while it goes on."""

from collections.abc import Callable, Iterable
from pathlib import Path

from livecam.assembly.model_from_settings import ModelChoice
from livecam.assembly.watch_plans import camera_plan
from livecam.assembly.watched_cameras import WatchedCameras
from livecam.cli.console import never_print, say
from livecam.cli.watch_command import WatchRequest
from livecam.core.formatting import counted
from livecam.core.watching.watch_plan import CameraPlan
from livecam.errors import LivecamError, SettingsError
from livecam.settings.camera_tables import CameraTable, camera_tables
from livecam.sinks.notify.notifier import Notifier
from livecam.sinks.notify.receivers import secrets_of_notify

ReadAgain = Callable[[], WatchRequest]


class Reloading:
    """Reads the settings again, and lets what has changed take effect."""

    def __init__(
        self,
        request: WatchRequest,
        read_again: ReadAgain,
        choice: ModelChoice,
        watched: WatchedCameras,
        notifier: Notifier,
    ) -> None:
        """Prepare.

        Args:
            request: what it began with.
            read_again: reads what is asked for now.
            choice: the network that is loaded.
            watched: what is watched.
            notifier: tells others of events.
        """
        self._begun_with, self._read_again = request, read_again
        self._choice, self._watched, self._notifier = choice, watched, notifier

    def reload(self) -> None:
        """Take what is asked for now; where it is not right, nothing changes."""
        try:
            request = self._read_again()
            cameras = cameras_of(request)
            labels = self._choice.spec.labels
            chosen = self._begun_with.settings.map  # it changes at the next start
            plans = [camera_plan(camera, labels, chosen) for camera in cameras]
            self._watched.check_change(cameras, plans, request.settings)
            never_print(secrets_of_notify(request.notify))
            change_who_is_told = self._notifier.prepared_change(
                request.notify, classes_by_camera(plans)
            )
        except LivecamError as error:
            say(f"the settings stay as they are: {error}")
            return
        self._watched.change(cameras, plans, request.settings)
        change_who_is_told()  # now: of events that ended with their camera the former ones are told
        later = _names_of_later(self._begun_with, request)
        say(
            f"the settings were read again: {counted(len(cameras), 'source')}"
            + (f"; {later} will change at the next start" if later else "")
        )


def cameras_of(request: WatchRequest) -> tuple[CameraTable, ...]:
    """What is watched: the tables of the settings file, or the sources that were typed.

    Raises:
        SettingsError: neither or both name something, or a table is not right.
    """
    origins, common = request.origins, request.watch
    if origins.camera_file is not None and origins.camera_tables:
        if request.sources:
            raise SettingsError(
                f"{origins.camera_file} names the cameras: leave {request.sources[0]!r} out."
            )
        stronger = [name for name, of in origins.by_name.items() if not _is_file(of)]
        return camera_tables(origins.camera_tables, origins.camera_file, common, stronger)
    if not request.sources:
        raise SettingsError(
            "nothing to watch: give a camera, a stream or a clip, or a settings file with a table "
            "[camera.NAME] for each."
        )
    many = len(request.sources) > 1
    return tuple(
        CameraTable(f"camera-{number}" if many else "", source, common)
        for number, source in enumerate(request.sources, 1)
    )


def classes_by_camera(plans: Iterable[CameraPlan]) -> dict[str, tuple[str, ...]]:
    """Of each camera, by its name, the classes of its events."""
    return {plan.name: plan.class_names for plan in plans}


def _is_file(origin: str) -> bool:
    """Whether a setting came from a file, not from a flag or a variable."""
    return Path(origin).is_absolute()


def _names_of_later(before: WatchRequest, now: WatchRequest) -> str:
    """What has changed and needs a new start, in words."""
    changed = {
        "the network": before.settings.model != now.settings.model,
        "the page": before.settings.serve != now.settings.serve,
        "the events folder": before.folder != now.folder,
        "records of the day": before.days != now.days,
        "limits of space": before.settings.recording != now.settings.recording,
    }
    return ", ".join(name for name, is_other in changed.items() if is_other)
