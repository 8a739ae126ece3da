"""Says that a source is livecam's own annotated recording: another map would be drawn over it."""

from pathlib import Path

from livecam.assembly.run_context import Say
from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.protocols import PlaysRecording, Source
from livecam.core.types import Frame
from livecam.settings.schema import Settings
from livecam.sinks.output_paths import clean_path


def report_annotated_recording(source: Source, settings: Settings, say: Say) -> None:
    """Report that a clip has a map in its pictures already, unless it is played as it is."""
    if isinstance(source, PlaysRecording) and source.is_annotated_recording:
        _report(source.title, source.path, settings, say)


class AnnotatedRecordingNotice:
    """Reports the first frame that has a map already, once; implements protocols.Sink.

    What is in a folder or behind an address is known only when it is read.
    """

    def __init__(self, source: Source, settings: Settings, say: Say) -> None:
        """Nothing is said of a clip, for which `report_annotated_recording` has spoken."""
        self._source, self._settings, self._say = source, settings, say
        self._is_said = isinstance(source, PlaysRecording)

    def show(self, annotated: AnnotatedFrame) -> None:
        """Report the frame, if it is the first one."""
        frame = annotated.frame
        if self._is_said or not is_drawn_on(frame):
            return
        self._is_said = True
        path = Path(frame.name) if frame.name else None
        title = path.name if path is not None else self._source.title
        _report(title, path, self._settings, self._say)


def is_drawn_on(frame: Frame) -> bool:
    """Whether livecam has drawn a map into it: not where its file is called an untouched twin.

    Earlier versions marked those by their names only.
    """
    return frame.is_annotated and not Path(frame.name).stem.endswith("_clean")


def _report(title: str, path: Path | None, settings: Settings, say: Say) -> None:
    output = settings.output
    flags = {"--no-overlay": settings.heat.overlay, "--no-figures": settings.window.figures}
    if output.record is not None or output.save_pictures is not None:
        flags["--no-record-figures"] = settings.recording.record_figures
    if not any(flags.values()):
        return
    twin = clean_path(path) if path is not None else None
    untouched = (
        f"take {twin.name}, its untouched twin"
        if twin is not None and twin.exists()
        else "record with --record-clean, and take the untouched twin"
    )
    say(
        f"{title} is an annotated recording of livecam, and another map is drawn over "
        f"its own: play it as it is with {' '.join(flags)}, or {untouched}"
    )
