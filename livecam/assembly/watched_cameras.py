"""The cameras that are watched: opened at the start, changed when the settings are read again."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

from livecam.assembly.open_watched import open_watched
from livecam.assembly.watching import WatchParts
from livecam.core.watching.watch_plan import CameraPlan
from livecam.core.watching.watched_source import WatchedSource
from livecam.errors import LivecamError, SourceError
from livecam.pipeline.watching.camera_watch import CameraWatch
from livecam.settings.camera_tables import CameraTable
from livecam.settings.schema import Settings
from livecam.sources.watched.source_state import WatchOptions


@dataclass(frozen=True, slots=True, eq=False)
class _Opened:
    """A camera that is watched.

    Attributes:
        source: as it was typed.
        options: what it was opened with.
        watch: watches it.
    """

    source: str
    options: WatchOptions
    watch: CameraWatch


def check_sources(
    cameras: Sequence[CameraTable], plans: Sequence[CameraPlan], settings: Settings
) -> None:
    """Look at what every SOURCE means, before anything is loaded.

    Raises:
        SourceError: it is nothing that can be opened.
        SettingsError: a source cannot be opened this way.
    """
    for camera, plan in zip(cameras, plans, strict=True):
        with _named(camera):
            open_watched(camera.source, settings, _options(plan))


class WatchedCameras:
    """All of them.

    Attributes:
        watches: what watches them, in the order of the settings; the loop's list.
    """

    def __init__(self, parts: WatchParts) -> None:
        self._parts = parts
        self._opened: dict[str, _Opened] = {}
        self.watches: list[CameraWatch] = []

    def open(self, cameras: Sequence[CameraTable], plans: Sequence[CameraPlan]) -> None:
        """Open every source; one that is not there yet is waited for.

        Raises:
            SourceError: there is nothing that could be waited for.
            SettingsError: a source cannot be opened this way.
        """
        for camera, plan in zip(cameras, plans, strict=True):
            self._open(camera, plan)

    def check_change(
        self, cameras: Sequence[CameraTable], plans: Sequence[CameraPlan], settings: Settings
    ) -> None:
        """Look at what every SOURCE means that `change` would open.

        Raises:
            SourceError: it is nothing that can be opened.
            SettingsError: a source cannot be opened this way.
        """
        others = [
            (camera, plan)
            for camera, plan in zip(cameras, plans, strict=True)
            if not self._stays(camera, plan)
        ]
        check_sources([camera for camera, _ in others], [plan for _, plan in others], settings)

    def change(
        self, cameras: Sequence[CameraTable], plans: Sequence[CameraPlan], settings: Settings
    ) -> None:
        """Watch these from now on; what has not changed goes on, events that go on do, too.

        Args:
            cameras: what is watched.
            plans: how.
            settings: of maps, and of sources that are opened now.
        """
        self._parts = replace(self._parts, settings=settings)
        wanted = {camera.name: camera for camera in cameras}
        for name, opened in list(self._opened.items()):
            if name not in wanted:
                self._close(name, opened)
        for camera, plan in zip(cameras, plans, strict=True):
            before = self._opened.get(camera.name)
            if before is not None and self._stays(camera, plan):
                looker = self._parts.looker(plan, before.watch.title)
                before.watch.change(plan, looker)
                continue
            if before is not None:
                self._close(camera.name, before)
            try:
                self._open(camera, plan)
            except LivecamError as error:
                self._parts.say(str(error))

    def close(self) -> None:
        """Close every source; harmless when called again."""
        for opened in self._opened.values():
            opened.watch.stop(is_cut=True)

    def _open(self, camera: CameraTable, plan: CameraPlan) -> None:
        options = _options(plan)
        source = self._source(camera, options)
        watch = self._parts.camera_watch(plan, source)
        self._opened[camera.name] = _Opened(camera.source, options, watch)
        self.watches.append(watch)

    def _source(self, camera: CameraTable, options: WatchOptions) -> WatchedSource:
        with ExitStack() as undo, _named(camera):
            source = open_watched(camera.source, self._parts.settings, options)
            undo.callback(source.close)
            source.open()
            undo.pop_all()
        return source

    def _close(self, name: str, opened: _Opened) -> None:
        opened.watch.stop(is_cut=True)
        self.watches.remove(opened.watch)
        del self._opened[name]

    def _stays(self, camera: CameraTable, plan: CameraPlan) -> bool:
        """Whether its source can stay open: it holds as much as may be needed now."""
        opened, options = self._opened.get(camera.name), _options(plan)
        if opened is None:
            return False
        holds_enough = options.keeps_s <= opened.options.keeps_s
        is_same = opened.source == camera.source and not opened.watch.is_over
        return is_same and holds_enough and options.look_every_s == opened.options.look_every_s


@contextmanager
def _named(camera: CameraTable) -> Iterator[None]:
    """Errors of a source within begin with the camera's name, where it has one."""
    try:
        yield
    except SourceError as error:
        of = f"{camera.name}: " if camera.name else ""
        raise SourceError(f"{of}{error}") from error


def _options(plan: CameraPlan) -> WatchOptions:
    return WatchOptions(look_every_s=plan.look_every_s, keeps_s=plan.held_s)
