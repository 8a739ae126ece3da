"""Work for one worker: one part of an archive, from clip or pictures to the bytes of its file."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path
from typing import Any

from livecam.assembly.measure_options import MeasureOptions
from livecam.assembly.measure_segment import measure_pictures, measure_segment
from livecam.assembly.packed_model import PackedModel
from livecam.core.archive.manifest import PartEntry, SourceState
from livecam.core.archive.measured_look import MeasuredLook
from livecam.core.archive.parts import SegmentStart
from livecam.core.archive.sources import BatchSource
from livecam.core.formatting import reason_of
from livecam.errors import LivecamError, SourceError
from livecam.sinks.archive.archive import part_name
from livecam.sinks.archive.part_table import PartContents, part_bytes
from livecam.sources.remote_files import local_copy, remote_state
from livecam.sources.source_state import checksum_of, state_of


@dataclass(frozen=True, slots=True)
class PartTask:
    """What is to be measured.

    Attributes:
        key: of the part.
        sources: the clip, or the pictures.
        start: where the segment begins; None for the beginning of the clip.
    """

    key: str
    sources: tuple[BatchSource, ...]
    start: SegmentStart | None = None

    @property
    def segment(self) -> int:
        """Number of the segment."""
        return 0 if self.start is None else self.start.number

    @property
    def is_clip(self) -> bool:
        """Whether it is a clip, or a part of one."""
        return self.sources[0].kind == "clip"


@dataclass(frozen=True, slots=True)
class PartResult:
    """What became of it.

    Attributes:
        entry: for the manifest, without a date.
        part: the part's file; None where it failed, or has no rows.
        failed: pictures that could not be read, with what is wrong with each.
    """

    entry: PartEntry
    part: bytes | None = None
    failed: tuple[tuple[SourceState, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PartSettings:
    """What is alike in all parts of a run.

    Attributes:
        hash: of all that decides what is measured.
        about: model, settings and versions, for the metadata.
        options: what is measured.
        grid: whether rows have the maps.
    """

    hash: str
    about: dict[str, Any]
    options: MeasureOptions
    grid: bool = False


@dataclass(frozen=True, slots=True)
class _Measured:
    """Rows, and what is known beside them."""

    rows: Sequence[MeasuredLook]
    later: tuple[SegmentStart, ...] = ()
    look_s: float | None = None
    problem: str = ""


class PartWorker:
    """Does one task after the other with one network."""

    def __init__(self, packed: PackedModel, settings: PartSettings, threads: int) -> None:
        """Open the network.

        Raises:
            ModelError: the engine is missing.
        """
        self._model = packed.open(threads)
        self._settings = settings

    def __call__(self, task: PartTask) -> PartResult:
        """Measure a part; what is wrong with its source is in the result, and raises nothing."""
        opened = _OpenedSources(task)
        try:
            with ExitStack() as stack:
                opened.open_all(stack)
                measured = self._measured(task, opened)
        except LivecamError as error:
            return self._failed(task, opened, str(error))
        except (OSError, MemoryError) as error:
            return self._failed(task, opened, f"it could not be read ({reason_of(error)}).")
        if task.is_clip and opened.has_changed:
            measured = replace(measured, problem=opened.named(_changed(opened.paths[0])))
        return self._result(task, opened, measured)

    def _measured(self, task: PartTask, opened: "_OpenedSources") -> _Measured:
        options = self._settings.options
        if not task.is_clip:
            pictures = measure_pictures(self._model, opened.paths, options)
            opened.problems |= pictures.problems
            return _Measured(pictures.rows)
        if task.sources[0].is_remote:  # each segment would copy all of it
            options = replace(options, segment_s=float("inf"))
        found = measure_segment(self._model, opened.paths[0], task.start, options)
        look_s = options.spacing_s or (1.0 / found.rate if found.rate else None)
        return _Measured(found.rows, found.later, look_s, opened.named(found.problem))

    def _result(self, task: PartTask, opened: "_OpenedSources", measured: _Measured) -> PartResult:
        entry = PartEntry(
            task.key,
            "done",
            self._settings.hash,
            opened.good,
            task.segment,
            rows=len(measured.rows),
            later=measured.later,
            problem=measured.problem,
        )
        failed = tuple(
            (opened.states[number], opened.named(problem))
            for number, problem in opened.problems.items()
        )
        if not measured.rows:
            return PartResult(entry, failed=failed)
        at = measured.rows[0].at
        day = "" if at is None else at.astimezone(UTC).date().isoformat()
        part = part_bytes(measured.rows, self._contents(task, opened.states, measured))
        return PartResult(replace(entry, part=part_name(day, task.key)), part, failed)

    def _contents(
        self, task: PartTask, states: Sequence[SourceState], measured: _Measured
    ) -> PartContents:
        settings = self._settings
        return PartContents(
            states,
            task.segment,
            measured.look_s,
            [self._model.labels[index] for index in settings.options.classes],
            settings.about,
            grid=settings.grid,
            features=settings.options.features,
            boxes=settings.options.boxes,
        )

    def _failed(self, task: PartTask, opened: "_OpenedSources", problem: str) -> PartResult:
        entry = PartEntry(
            task.key,
            "failed",
            self._settings.hash,
            tuple(opened.states),
            task.segment,
            problem=opened.named(problem),
        )
        return PartResult(entry)


class _OpenedSources:
    """The sources of a task as files of this machine, with their states from before they are read.

    What changes meanwhile is measured again by the next run.

    Attributes:
        states: of all of them.
        paths: of those that are there, by number.
        problems: of pictures that are not, by number.
    """

    def __init__(self, task: PartTask) -> None:
        self._task = task
        self.states = [SourceState(of.name, 0, 0) for of in task.sources]
        self.paths: dict[int, Path] = {}
        self.problems: dict[int, str] = {}

    @property
    def good(self) -> tuple[SourceState, ...]:
        """The states of those that could be read."""
        bad = self.problems
        return tuple(state for number, state in enumerate(self.states) if number not in bad)

    def open_all(self, stack: ExitStack) -> None:
        """Open them; a picture that cannot be is left out.

        Raises:
            OSError, SourceError: a clip cannot be opened.
        """
        for number, source in enumerate(self._task.sources):
            try:
                state = current_state(source)
                copy = local_copy(source.location) if source.is_remote else None
                path = Path(source.location) if copy is None else stack.enter_context(copy)
                self.states[number] = replace(state, checksum=checksum_of(path))
                self.paths[number] = path
            except (OSError, SourceError) as error:
                if self._task.is_clip:
                    raise
                is_ours = isinstance(error, SourceError)
                text = str(error) if is_ours else f"it could not be read ({reason_of(error)})."
                self.problems[number] = text

    @property
    def has_changed(self) -> bool:
        """Whether the first one is another now; of a copy of it nobody looks."""
        source = self._task.sources[0]
        try:
            return not source.is_remote and not self.states[0].is_unchanged(current_state(source))
        except OSError:  # deleted: what was measured stays
            return False

    def named(self, problem: str) -> str:
        """A problem with the names of sources instead of those of copies."""
        for number, path in self.paths.items():
            problem = problem.replace(str(path), self._task.sources[number].name)
        return problem


def _changed(path: Path) -> str:
    return (
        f"{path} changed while it was measured (is it being recorded?): the next run measures it "
        "again."
    )


def current_state(source: BatchSource) -> SourceState:
    """Size and date of a source, without a checksum.

    Raises:
        OSError, SourceError: it is not there, or cannot be reached.
    """
    if source.is_remote:
        return remote_state(source.location, source.name)
    return state_of(source.name, Path(source.location))
