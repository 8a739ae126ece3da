"""The tasks of a run: what is missing in an archive, has changed, or failed before."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from livecam.assembly.part_task import PartTask, current_state
from livecam.core.archive.manifest import PartEntry, SourceState
from livecam.core.archive.parts import PICTURES_PER_PART
from livecam.core.archive.sources import BatchSource
from livecam.errors import SourceError
from livecam.sinks.archive.archive import Archive


def part_key(names: Sequence[str], segment: int, settings: str) -> str:
    """What stands for a part in the manifest, and is the name of its file."""
    text = "\0".join(names).encode("utf-8", "surrogateescape")
    return f"{hashlib.blake2b(text, digest_size=8).hexdigest()}-{segment:04d}-{settings}"


class BatchPlan:
    """The tasks of one run.

    Attributes:
        known: so many clips and pictures need no work.
        changed: so many had been measured, and are others now.
        broken: so many parts were measured before, but their files are missing or cut off.
    """

    def __init__(self, archive: Archive, settings: str) -> None:
        """Plan for an open archive, and the settings that this hash stands for."""
        self.known = self.changed = self.broken = 0
        self._archive, self._settings = archive, settings
        self._is_there: dict[str, bool] = {}

    def tasks(self, sources: Iterable[BatchSource]) -> Iterator[PartTask]:
        """What has to be done, clips first.

        Raises:
            SinkError: the archive cannot be written.
        """
        pictures: list[BatchSource] = []
        for source in sources:
            if source.kind == "picture":
                pictures.append(source)
                continue
            tasks = self._tasks_of_clip(source)
            self.known += not tasks
            yield from tasks
        yield from self._tasks_of_pictures(pictures)

    def later_tasks(
        self, source: BatchSource, first: PartEntry, known: Mapping[str, PartEntry]
    ) -> list[PartTask]:
        """The segments of a clip after its first one that are not there as it is now."""
        tasks = []
        for start in first.later:
            key = part_key((source.name,), start.number, self._settings)
            entry = known.get(key)
            is_same = entry is not None and _is_same(entry, first.sources[0])
            if entry is None or not is_same or not self._is_done(entry):
                tasks.append(PartTask(key, (source,), start))
        return tasks

    def single_tasks(self, task: PartTask) -> list[PartTask]:
        """The pictures of a task each by itself, to find the one that cannot be measured."""
        return [self._task((source,)) for source in task.sources]

    def _tasks_of_clip(self, source: BatchSource) -> list[PartTask]:
        entries = self._archive.manifest.entries
        first = entries.get(part_key((source.name,), 0, self._settings))
        now = _state_now(source)
        if first is None or first.state != "done" or now is None:
            return [self._task((source,))]
        is_same = _is_same(first, now)
        self.changed += not is_same
        if not is_same or not self._is_done(first):
            return [self._task((source,))]
        return self.later_tasks(source, first, entries)

    def _tasks_of_pictures(self, pictures: Sequence[BatchSource]) -> Iterator[PartTask]:
        """The rows of those that have changed go before they are measured again."""
        measured = self._measured_pictures() if pictures else {}
        missing: list[BatchSource] = []
        changed: defaultdict[str, set[str]] = defaultdict(set)
        for source in pictures:
            key, before = measured.get(source.name) or ("", None)
            now = _state_now(source)
            is_same = before is not None and now is not None and before.is_unchanged(now)
            if is_same and self._is_done(self._archive.manifest.entries[key]):
                self.known += 1
                continue
            missing.append(source)
            if before is not None and now is not None:
                changed[key].add(source.name)
                self.changed += 1
        for key, names in changed.items():
            self._archive.forget(key, names)
        for first in range(0, len(missing), PICTURES_PER_PART):
            yield self._task(tuple(missing[first : first + PICTURES_PER_PART]))

    def _measured_pictures(self) -> dict[str, tuple[str, SourceState]]:
        """The part that has a picture, and how that was then, by its name."""
        return {
            of.source: (entry.key, of)
            for entry in self._archive.manifest.entries.values()
            if entry.settings == self._settings and entry.state == "done"
            for of in entry.sources
        }

    def _is_done(self, entry: PartEntry) -> bool:
        """Whether it was measured, and its file is there; looks at each file once."""
        if entry.state != "done":
            return False
        if entry.key not in self._is_there:
            self._is_there[entry.key] = self._archive.has_part(entry)
            self.broken += not self._is_there[entry.key]
        return self._is_there[entry.key]

    def _task(self, sources: tuple[BatchSource, ...]) -> PartTask:
        key = part_key([of.name for of in sources], 0, self._settings)
        return PartTask(key, sources)


def _is_same(entry: PartEntry, now: SourceState) -> bool:
    return entry.sources[0].is_unchanged(now)


def _state_now(source: BatchSource) -> SourceState | None:
    """None where it is gone: opening it says so."""
    try:
        return current_state(source)
    except (OSError, SourceError):
        return None
