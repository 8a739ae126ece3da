"""Measures clips and pictures into an archive: tasks to a runner, results to the parts."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from livecam.assembly.batch_plan import BatchPlan, part_key
from livecam.assembly.part_task import PartResult, PartTask
from livecam.core.archive.manifest import PartEntry, SourceState
from livecam.core.archive.sources import BatchSource
from livecam.execution.task_runner import Outcome, TaskRunner
from livecam.sinks.archive.archive import Archive

WAIT_S = 0.2


@dataclass(slots=True)
class BatchReport:
    """What a run has done so far.

    Attributes:
        sources: clips and pictures that were found.
        known: of these, those that had been measured before and have not changed.
        changed: of these, those that had been measured before and have.
        broken: parts whose files were missing or cut off, so that they are measured again.
        tasks: parts to be measured, as far as is known.
        done: of these, those that came to an end.
        parts: that were written.
        rows: that were written.
        failed: what could not be measured, by clip or picture.
        damaged: what could be measured in part, likewise.
        retries: how many times a worker was lost.
        is_whole: whether all was done.
    """

    sources: int = 0
    known: int = 0
    changed: int = 0
    broken: int = 0
    tasks: int = 0
    done: int = 0
    parts: int = 0
    rows: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    damaged: dict[str, str] = field(default_factory=dict)
    retries: int = 0
    is_whole: bool = False


class Batch:
    """One run over clips and pictures with one set of settings."""

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
        self._plan = BatchPlan(archive, settings)
        self._urgent: deque[PartTask] = deque()

    def run(
        self,
        sources: Sequence[BatchSource],
        runner: TaskRunner[PartTask, PartResult],
        on_progress: Callable[[BatchReport], None] = lambda _: None,
    ) -> BatchReport:
        """Measure.

        Args:
            sources: clips and pictures.
            runner: where; entered.
            on_progress: called with the report, several times a second.

        Raises:
            SinkError: the archive cannot be written.
        """
        report, planned, in_hand = self.report, self._plan.tasks(sources), 0
        report.sources = len(sources)
        is_planned = False
        while not self._stop_asked():
            while runner.can_take() and not (is_planned and not self._urgent):
                task = self._urgent.popleft() if self._urgent else next(planned, None)
                report.known, report.changed = self._plan.known, self._plan.changed
                report.broken = self._plan.broken
                if task is None:
                    is_planned = True
                    continue
                runner.submit(task)
                in_hand += 1
            if not in_hand:
                report.is_whole = True
                break
            for outcome in runner.outcomes(WAIT_S):
                in_hand -= 1
                self._keep(outcome)
            report.retries = runner.retries
            report.tasks = report.done + in_hand + len(self._urgent)
            on_progress(report)
        return report

    def _keep(self, outcome: Outcome[PartTask, PartResult]) -> None:
        """Write what a task gave, and plan what follows from it."""
        task, result = outcome.task, outcome.result
        self.report.done += 1
        if result is None and len(task.sources) > 1:
            self._urgent.extend(self._plan.single_tasks(task))
        elif result is None:
            state = SourceState(task.sources[0].name, 0, 0)
            self._fail(task.key, task.segment, state, outcome.problem)
        elif result.entry.state == "failed":
            entry = result.entry
            self._fail(entry.key, entry.segment, entry.sources[0], entry.problem)
        else:
            self._keep_part(task, result)

    def _keep_part(self, task: PartTask, result: PartResult) -> None:
        before = self._archive.manifest.entries.get(task.key)
        entry = replace(result.entry, measured_at=self._date())
        self._archive.add(entry, result.part)
        self.report.parts += result.part is not None
        self.report.rows += entry.rows
        if not task.is_clip:
            self._settle_pictures(entry, result)
            return
        if entry.problem:
            self.report.damaged[entry.sources[0].source] = entry.problem
        if task.start is None:
            self._urgent.extend(self._plan.later_tasks(task.sources[0], entry, {}))
            self._remove_segments(entry, before)

    def _settle_pictures(self, entry: PartEntry, result: PartResult) -> None:
        """Note those that could not be read, and forget that others could not be before."""
        for state, problem in result.failed:
            self._fail(part_key((state.source,), 0, self._settings), 0, state, problem)
        for state in entry.sources:
            alone = self._entry_of(part_key((state.source,), 0, self._settings))
            if alone is not None and alone.state == "failed" and alone.key != entry.key:
                self._archive.add(replace(alone, state="removed"))

    def _remove_segments(self, entry: PartEntry, before: PartEntry | None) -> None:
        """Those that the clip had once and no longer has."""
        wanted = {of.number for of in entry.later}
        for start in () if before is None else before.later:
            key = part_key((entry.sources[0].source,), start.number, self._settings)
            old = self._entry_of(key)
            if old is not None and start.number not in wanted:
                self._archive.add(replace(old, state="removed", part="", rows=0))

    def _fail(self, key: str, segment: int, state: SourceState, problem: str) -> None:
        """Note what could not be measured; rows of before stay until there are better ones."""
        self.report.failed[state.source] = problem
        before = self._entry_of(key) or PartEntry(key, "failed", self._settings, (state,), segment)
        failed = replace(before, state="failed", problem=problem, measured_at=self._date())
        self._archive.add(failed)

    def _entry_of(self, key: str) -> PartEntry | None:
        return self._archive.manifest.entries.get(key)

    def _date(self) -> str:
        return self._now().isoformat(timespec="seconds")
