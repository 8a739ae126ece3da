"""Measures clips and pictures into an archive: what is missing, changed or failed, nothing else."""

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from livecam.assembly.part_task import PartResult, PartTask
from livecam.core.archive.manifest import Manifest, PartEntry, SourceState
from livecam.execution.task_runner import Outcome, TaskRunner
from livecam.sinks.archive.archive import Archive
from livecam.sources.source_state import state_of

WAIT_S = 0.2


@dataclass(slots=True)
class BatchReport:
    """What a run has done so far.

    Attributes:
        clips: clips and pictures that were found.
        known: of these, those that had been measured before and have not changed.
        parts: that were written.
        rows: that were written.
        failed: what could not be measured, by clip or picture.
        damaged: what could be measured in part, likewise.
        retries: how many times a worker was lost.
        is_whole: whether it came to its end.
    """

    clips: int = 0
    known: int = 0
    parts: int = 0
    rows: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    damaged: dict[str, str] = field(default_factory=dict)
    retries: int = 0
    is_whole: bool = False


class Batch:
    """One run over clips with one set of settings."""

    def __init__(
        self,
        archive: Archive,
        settings: str,
        now: Callable[[], datetime],
        stop_asked: Callable[[], bool] = lambda: False,
    ) -> None:
        """Begin.

        Args:
            archive: open.
            settings: hash of the settings.
            now: the wall clock.
            stop_asked: whether to end before all is done.
        """
        self.report = BatchReport()
        self._archive, self._settings = archive, settings
        self._now, self._stop_asked = now, stop_asked
        self._urgent: deque[PartTask] = deque()

    def run(
        self,
        sources: Iterable[str],
        runner: TaskRunner[PartTask, PartResult],
        on_progress: Callable[[PartEntry], None] = lambda _: None,
    ) -> BatchReport:
        """Measure.

        Args:
            sources: paths of clips.
            runner: where; entered.
            on_progress: called after every part.

        Raises:
            SinkError: the archive cannot be written.
        """
        planned, open_tasks, is_planned = self._tasks(sources), 0, False
        while not self._stop_asked():
            while runner.can_take() and not (is_planned and not self._urgent):
                task = self._urgent.popleft() if self._urgent else next(planned, None)
                if task is None:
                    is_planned = True
                    continue
                runner.submit(task)
                open_tasks += 1
            if not open_tasks:
                self.report.is_whole = True
                break
            for outcome in runner.outcomes(WAIT_S):
                open_tasks -= 1
                on_progress(self._keep(outcome))
            self.report.retries = runner.retries
        return self.report

    def _tasks(self, sources: Iterable[str]) -> Iterator[PartTask]:
        """What has to be done, clip by clip; those in hand come before the next one."""
        for source in sources:
            self.report.clips += 1
            tasks = tasks_of_clip(source, self._settings, self._archive.manifest)
            if not tasks:
                self.report.known += 1
            yield from tasks

    def _keep(self, outcome: Outcome[PartTask, PartResult]) -> PartEntry:
        """Write what a task gave, and plan the segments that it found."""
        task, result = outcome.task, outcome.result
        if result is None:
            states = tuple(SourceState(of, 0, 0) for of in task.sources)
            failed = PartEntry(
                task.key, "failed", self._settings, states, task.segment, problem=outcome.problem
            )
            result = PartResult(failed)
        entry = replace(result.entry, measured_at=self._now().isoformat(timespec="seconds"))
        self._archive.add(entry, result.part)
        self._note(entry)
        if task.start is None and entry.state == "done":
            self._plan_later(task, entry)
        return entry

    def _note(self, entry: PartEntry) -> None:
        report, source = self.report, entry.sources[0].source
        if entry.state == "failed":
            report.failed[source] = entry.problem
            return
        report.parts += bool(entry.part)
        report.rows += entry.rows
        if entry.problem:
            report.damaged[source] = entry.problem

    def _plan_later(self, task: PartTask, entry: PartEntry) -> None:
        """The clip's other segments; those that it no longer has go."""
        source = task.sources[0]
        self._urgent.extend(later_tasks(source, self._settings, entry, {}))
        wanted = {of.number for of in entry.later} | {0}
        for old in list(self._archive.manifest.entries.values()):
            is_of_clip = old.settings == self._settings and old.sources[0].source == source
            if is_of_clip and old.state != "removed" and old.segment not in wanted:
                self._archive.add(replace(old, state="removed", part="", rows=0))


def part_key(sources: Sequence[str], segment: int, settings: str) -> str:
    """What stands for a part in the manifest, and is the name of its file."""
    digest = hashlib.blake2b("\n".join(sources).encode("utf-8", "surrogateescape"), digest_size=8)
    return f"{digest.hexdigest()}-{segment:04d}-{settings}"


def tasks_of_clip(source: str, settings: str, manifest: Manifest) -> list[PartTask]:
    """What of a clip is missing, has changed or failed."""
    first = manifest.entries.get(part_key((source,), 0, settings))
    if first is None or first.state != "done" or not _is_unchanged(source, first):
        return [PartTask(part_key((source,), 0, settings), (source,))]
    return later_tasks(source, settings, first, manifest.entries)


def later_tasks(
    source: str, settings: str, first: PartEntry, known: Mapping[str, PartEntry]
) -> list[PartTask]:
    """The segments of a clip after its first one that are not there as it is now."""
    tasks = []
    for start in first.later:
        key = part_key((source,), start.number, settings)
        entry = known.get(key)
        if entry is None or entry.state != "done" or not _is_same_file(entry, first):
            tasks.append(PartTask(key, (source,), start))
    return tasks


def _is_unchanged(source: str, entry: PartEntry) -> bool:
    try:
        return entry.sources[0].is_unchanged(state_of(source, Path(source)))
    except OSError:  # it is gone: opening it says so
        return False


def _is_same_file(entry: PartEntry, other: PartEntry) -> bool:
    return entry.sources[0].is_unchanged(other.sources[0])
