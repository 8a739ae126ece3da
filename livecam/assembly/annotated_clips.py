"""Clips of events drawn with their maps: by the ordinary run, one after the other, beside the loop.

Each has a network of its own, so that no look waits for it.
"""

import re
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

from livecam.assembly.open_pipeline import open_pipeline
from livecam.core.disk_errors import is_file_limit
from livecam.core.watching.watch_event import WatchEvent, event_file
from livecam.core.watching.watch_plan import Keep
from livecam.errors import LivecamError, SinkError
from livecam.native.free_memory import return_free_memory
from livecam.native.thread_priority import work_in_background
from livecam.pipeline import loop
from livecam.pipeline.background_task import BackgroundTask
from livecam.settings.schema import (
    OutputSettings,
    PaceSettings,
    Settings,
    WindowSettings,
)
from livecam.settings.web_page import ServeSettings
from livecam.sinks.events.event_files import with_existing_files
from livecam.sinks.events.event_log import append_event, read_events
from livecam.sinks.events.maps_to_make import forget_wanted_map, note_wanted_map, wanted_maps

Say = Callable[[str], None]


class AnnotatedClips:
    """Makes them; used by the thread of the loop.

    Attributes:
        failure: why one could not be written; None while none failed so.
    """

    def __init__(self, folder: Path, settings: Settings, say: Say) -> None:
        """Go on with what a livecam before has left to be made.

        Args:
            folder: of the events, whose list this program writes.
            settings: of the network and of the maps.
            say: receives lines for the log.
        """
        self._folder, self._settings, self._say = folder, settings, say
        self._waiting: deque[tuple[str, bool]] = deque()
        self._task: BackgroundTask[None] | None = None
        self._is_ending = False
        self.failure: SinkError | None = None
        self._waiting.extend((event, True) for event in wanted_maps(folder))

    def add(self, keep: Keep, event: WatchEvent) -> None:
        """Let the clip of an event be drawn, where it is to be kept.

        Args:
            keep: which of its clips are kept.
            event: it is over, its clip is closed.
        """
        if keep == "clean" or "clean" not in event.files:
            return
        with suppress(LivecamError):  # it is made in any case, unless this program is ended
            note_wanted_map(self._folder, event.event)
        self._waiting.append((event.event, keep == "both"))

    @property
    def left(self) -> int:
        """How many are still to be made."""
        return len(self._waiting) + (self._task is not None)

    def step(self, wait_s: float = 0.0) -> None:
        """Begin the next one where none is being made."""
        if self._task is not None:
            if not self._task.is_over(wait_s):
                return
            task, self._task = self._task, None
            try:
                task.result()
            except Exception as error:  # of one clip: the others are made all the same
                if isinstance(error, SinkError):
                    self.failure = error
                self._say(f"a clip with maps could not be made: {error}")
        if self._waiting and not self._is_ending:
            event, keeps_clean = self._waiting.popleft()
            self._task = BackgroundTask(lambda: self._make(event, keeps_clean=keeps_clean))

    def close(self) -> None:
        """Stop what is being made; it is made anew at the next start."""
        self._is_ending = True
        while self._task is not None:
            self.step(wait_s=0.1)
        if self._waiting or wanted_maps(self._folder):
            self._say("clips with maps that are still to be made are made at the next start")

    def _make(self, event_id: str, *, keeps_clean: bool) -> None:
        """Called in a thread."""
        work_in_background()
        event = read_events(self._folder).get(event_id)
        if event is None or "clean" not in event.files:
            forget_wanted_map(self._folder, event_id)
            return
        clip, drawn = self._folder / event.files["clean"], event_file(event_id, "annotated")
        part = (self._folder / drawn).with_name(f".{Path(drawn).stem}.mp4")
        try:
            self._draw(clip, part, event)
            if self._is_ending:
                return
            self._keep(event_id, part, drawn, keeps_clean=keeps_clean)
        finally:
            for path in (part, *_further_files(part)):
                with suppress(OSError):
                    path.unlink(missing_ok=True)
            return_free_memory()  # of the run that drew it

    def _draw(self, clip: Path, part: Path, event: WatchEvent) -> None:
        """Draw all of it into one file; one that would be too large is never tried again."""
        try:
            draw_clip(clip, part, event.class_name, self._settings, lambda: self._is_ending)
        except LivecamError as error:
            if not (is_file_limit(error) or _further_files(part)):
                raise
            is_too_large = True
        else:
            is_too_large = bool(_further_files(part))
        if is_too_large:
            forget_wanted_map(self._folder, event.event)
            raise SinkError(
                f"that of {clip} would be larger than a file may be there: "
                "the clean one is kept; choose a shorter --max-length."
            )

    def _keep(self, event_id: str, part: Path, drawn: str, *, keeps_clean: bool) -> None:
        """Put it beside the clean clip, or into its place; an event that was deleted stays so."""
        event = read_events(self._folder).get(event_id)
        forget_wanted_map(self._folder, event_id)
        if event is None:
            return
        part.replace(self._folder / drawn)
        files = {**event.files, "annotated": drawn}
        clean = files["clean"] if keeps_clean else files.pop("clean")
        now = replace(event, files=files)
        append_event(self._folder, with_existing_files(self._folder, now))
        if not keeps_clean:
            (self._folder / clean).unlink(missing_ok=True)


def _further_files(path: Path) -> list[Path]:
    """The files that a recording went on in where the first one may not grow."""
    names = re.compile(rf"{re.escape(path.stem)}_\d+{re.escape(path.suffix)}")
    return [each for each in path.parent.glob("*") if names.fullmatch(each.name)]


def draw_clip(
    clip: Path,
    output: Path,
    class_name: str,
    settings: Settings,
    stop_asked: Callable[[], bool],
) -> None:
    """Record a clip with the map of a class, as `livecam run` does.

    Args:
        clip: the pictures.
        output: the new file; an existing one is replaced.
        class_name: of the model; another one than its own is not drawn, but the default class.
        settings: of the network and of the maps.
        stop_asked: whether to stop before its end.

    Raises:
        LivecamError: it could not be read, drawn or written.
    """
    record = Path(str(output).replace("%", "%%"))
    chosen = replace(
        settings,
        model=replace(settings.model, classes=None if class_name == "other" else (class_name,)),
        output=OutputSettings(record=record, force=True, snapshots=output.parent),
        recording=replace(
            settings.recording, keep_days=None, keep_gb=None, split=None, record_stats=False
        ),
        window=WindowSettings(window=False),
        pace=PaceSettings(),
        serve=ServeSettings(),
    )
    with ExitStack() as stack:
        pipeline, view = open_pipeline(str(clip), chosen, stack, stop_asked=stop_asked)
        # Frames per second would be those of drawing, at night, beside the looks.
        summary = loop.run(replace(pipeline, shows_rate=False), view)
    failure = summary.after_closing(pipeline.sinks).failure or summary.lost
    if failure is not None:
        raise failure
