"""Work for one worker: one part of an archive, from clip or pictures to the bytes of its file."""

from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path
from typing import Any

from livecam.assembly.measure_segment import MeasureOptions, SegmentRows, measure_segment
from livecam.assembly.packed_model import PackedModel
from livecam.core.archive.manifest import PartEntry, SourceState
from livecam.core.archive.segments import Segment, SegmentStart
from livecam.errors import LivecamError
from livecam.sinks.archive.archive import part_name
from livecam.sinks.archive.part_table import PartContents, part_bytes
from livecam.sources.source_state import checksum_of, state_of


@dataclass(frozen=True, slots=True)
class PartTask:
    """What is to be measured.

    Attributes:
        key: of the part.
        sources: the clip, or the pictures, as the table names them.
        start: where the segment begins; None for the beginning of the clip.
    """

    key: str
    sources: tuple[str, ...]
    start: SegmentStart | None = None

    @property
    def segment(self) -> int:
        """Number of the segment."""
        return 0 if self.start is None else self.start.number


@dataclass(frozen=True, slots=True)
class PartResult:
    """What became of it.

    Attributes:
        entry: for the manifest, without a date.
        part: the part's file; None where it failed, or has no rows.
    """

    entry: PartEntry
    part: bytes | None = None


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
        states: tuple[SourceState, ...] = tuple(SourceState(of, 0, 0) for of in task.sources)
        try:
            states = tuple(_state(of) for of in task.sources)
            found = self._measured(task)
        except LivecamError as error:
            return _failed(task, self._settings, states, str(error))
        except (OSError, MemoryError) as error:
            return _failed(task, self._settings, states, f"{task.sources[0]}: {error}")
        return self._result(task, states, found)

    def _measured(self, task: PartTask) -> SegmentRows:
        segment = Segment(task.sources[0], task.start)
        return measure_segment(self._model, segment, self._settings.options)

    def _result(
        self, task: PartTask, states: tuple[SourceState, ...], found: SegmentRows
    ) -> PartResult:
        settings = self._settings
        entry = PartEntry(
            task.key,
            "done",
            settings.hash,
            states,
            task.segment,
            rows=len(found.rows),
            later=found.later,
            problem=found.problem,
        )
        if not found.rows:
            return PartResult(entry)
        contents = PartContents(
            states,
            task.segment,
            settings.options.spacing_s or (1.0 / found.rate if found.rate else None),
            [self._model.labels[index] for index in settings.options.classes],
            settings.about,
            grid=settings.grid,
            features=settings.options.features,
            boxes=settings.options.boxes,
        )
        at = found.rows[0].at
        day = "" if at is None else at.astimezone(UTC).date().isoformat()
        return PartResult(
            replace(entry, part=part_name(day, task.key)), part_bytes(found.rows, contents)
        )


def _state(source: str) -> SourceState:
    """Size and date from before it is read: what changes meanwhile is measured again."""
    path = Path(source)
    return replace(state_of(source, path), checksum=checksum_of(path))


def _failed(
    task: PartTask, settings: PartSettings, states: tuple[SourceState, ...], problem: str
) -> PartResult:
    return PartResult(
        PartEntry(task.key, "failed", settings.hash, states, task.segment, problem=problem)
    )
