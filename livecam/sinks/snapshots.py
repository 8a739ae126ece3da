"""Snapshots: saves the annotated picture, or the clean one with its figures, when a key asks."""

import json
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Self

import cv2

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.formatting import counted, reason_of
from livecam.core.stats_record import stats_record
from livecam.errors import SinkError
from livecam.pipeline.background_writer import BackgroundWriter
from livecam.sinks.output_paths import Now, create_free_files, dated_stem, made_folder

MOST_WAITING = 8
"""So many wait for a disk that stalls; each holds its pictures in memory."""

MOST_AT_ONCE, WITHIN_S = 20, 10.0
"""So many within so long: more are no wish of a person, and would fill the disk."""

DISK_PATIENCE_S = 10.0
"""At the end, so long is waited for a disk that does nothing."""

THREAD_NAME = "livecam-snapshots"  # see livecam/__main__.py


@dataclass(frozen=True, slots=True, eq=False)
class _Snapshot:
    """What one key asked for, and when: wall clock."""

    annotated: AnnotatedFrame
    is_clean: bool
    at: datetime


class SnapshotWriter:
    """Saves a picture whenever the view's snapshot counters rise; implements protocols.Sink.

    A thread encodes and writes: neither a large picture nor a disk that stalls stops the loop.
    """

    def __init__(
        self,
        folder: Path,
        *,
        notify: Callable[[str], None],
        on_saved: Callable[[Path], None] = lambda _: None,
        check_space: Callable[[Path], None] = lambda _: None,
        now: Now = datetime.now,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Save into a folder, which is created with the first snapshot.

        Args:
            folder: where the pictures go.
            notify: gets one line for the user: what was saved, or what failed.
            on_saved: gets the path of every picture.
            check_space: raises SinkError where the disk of a folder has too little space.
            now: the wall clock, for the names.
            clock: monotonic seconds.
        """
        self._folder, self._notify, self._on_saved, self._now = folder, notify, on_saved, now
        self._check_space, self._clock = check_space, clock
        self._saved_annotated = self._saved_clean = 0
        self._taken_s: deque[float] = deque(maxlen=MOST_AT_ONCE)
        self._is_refusing = False
        self._writer: BackgroundWriter[_Snapshot] | None = None

    def __enter__(self) -> Self:
        """Return itself; the thread is started with the first snapshot."""
        return self

    def __exit__(self, *_: object) -> None:
        """Save what is still to be saved; notifies of what the disk does not take."""
        writer, self._writer = self._writer, None
        if writer is None:
            return
        before = writer.dropped
        if not writer.close(patience_s=DISK_PATIENCE_S, limit_s=DISK_PATIENCE_S):
            lost = counted(writer.dropped - before, "snapshot")
            self._notify(f"the disk of {self._folder} gives no answer: not saved: {lost}")

    @property
    def is_saving(self) -> bool:
        """Whether something that was asked for is not on the disk yet."""
        return self._writer is not None and not self._writer.is_idle

    def show(self, annotated: AnnotatedFrame) -> None:
        """Save what was asked for since the last frame; waits for nothing, raises nothing."""
        view = annotated.view
        if view.snapshots > self._saved_annotated:
            self._take(annotated, is_clean=False)
        if view.clean_snapshots > self._saved_clean:
            self._take(annotated, is_clean=True)
        self._saved_annotated, self._saved_clean = view.snapshots, view.clean_snapshots

    def _take(self, annotated: AnnotatedFrame, *, is_clean: bool) -> None:
        """Hand it to the thread, unless there are too many: the first of those is notified."""
        self._writer = writer = self._writer or BackgroundWriter(
            self._save, most=MOST_WAITING, name=THREAD_NAME
        )
        now_s, taken_s = self._clock(), self._taken_s
        reason = ""
        if writer.is_full:
            reason = f"{self._folder} has not taken those before"
        elif len(taken_s) == MOST_AT_ONCE and now_s - taken_s[0] < WITHIN_S:
            reason = f"at most {MOST_AT_ONCE} in {WITHIN_S:.0f} s are saved"
        if not reason:
            taken_s.append(now_s)
            writer.put(_Snapshot(annotated, is_clean, self._now()))
        elif not self._is_refusing:
            self._notify(f"no snapshot: {reason}")
        self._is_refusing = bool(reason)

    def _save(self, snapshot: _Snapshot) -> None:
        """Called in the thread: encode and write; notifies, raises nothing."""
        try:
            folder = made_folder(self._folder)
            self._check_space(folder)
            path = _write(folder, dated_stem(snapshot.at), _contents_of(snapshot))
        except SinkError as error:
            self._notify(str(error))
        except (OSError, cv2.error) as error:
            self._notify(f"the snapshot was not saved ({reason_of(error)}).")
        else:
            self._on_saved(path)
            self._notify(f"saved {path}")


def _contents_of(snapshot: _Snapshot) -> dict[str, bytes]:
    """The files by their suffixes: the picture; of a clean one also its figures."""
    annotated = snapshot.annotated
    bgr = annotated.frame.bgr if snapshot.is_clean else annotated.picture
    png = cv2.imencode(".png", bgr)[1].tobytes()
    if not snapshot.is_clean:
        return {".png": png}
    record = json.dumps(stats_record(annotated, grid=True, top=True), indent=1)
    return {"_clean.png": png, "_clean.json": record.encode()}


def _write(folder: Path, stem: str, contents: Mapping[str, bytes]) -> Path:
    """Write files that belong together, by their suffixes; gives the path of the first."""
    paths = [folder / (stem + suffix) for suffix in contents]
    try:
        files = create_free_files(folder, stem, list(contents))
        paths = [Path(file.name) for file in files]
        with ExitStack() as undo:
            for path in paths:  # leave no incomplete file behind
                undo.callback(path.unlink, missing_ok=True)
            _fill(files, contents.values())
            undo.pop_all()
    except OSError as error:
        raise SinkError(f"the snapshot {paths[0]} was not saved ({error.strerror}).") from error
    return paths[0]


def _fill(files: Sequence[BinaryIO], contents: Iterable[bytes]) -> None:
    """Write each content into its file, and close them all, whatever happens."""
    with ExitStack() as closing:
        for file in files:
            closing.enter_context(file)
        for file, data in zip(files, contents, strict=True):
            file.write(data)
