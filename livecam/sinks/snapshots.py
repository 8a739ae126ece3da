"""Snapshots: the annotated picture, or the clean one with its numbers, when a key asks."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import cv2

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.stats_record import record_of
from livecam.core.types import BgrImage
from livecam.errors import SinkError
from livecam.sinks.output_paths import Now, dated_path, made_folder


class SnapshotWriter:
    """Saves a picture whenever the view's snapshot counters rise; a protocols.Sink."""

    def __init__(
        self,
        folder: Path,
        *,
        notify: Callable[[str], None],
        kept: Callable[[Path], None] = lambda _: None,
        now: Now = datetime.now,
    ) -> None:
        """`notify` hears of every file in words, `kept` its path."""
        self._folder, self._notify, self._kept, self._now = folder, notify, kept, now
        self._annotated = self._clean = 0

    def show(self, annotated: AnnotatedFrame) -> None:
        """Save what was asked for since the last frame; a failure is reported, nothing stops."""
        view = annotated.view
        try:
            if view.snapshots > self._annotated:
                self._save(annotated.picture, None)
            if view.clean_snapshots > self._clean:
                self._save(annotated.frame.bgr, annotated)
        except SinkError as error:
            self._notify(str(error))
        self._annotated, self._clean = view.snapshots, view.clean_snapshots

    def _save(self, bgr: BgrImage, numbers_of: AnnotatedFrame | None) -> None:
        suffix = ".png" if numbers_of is None else "_clean.png"
        path = dated_path(made_folder(self._folder), self._now(), suffix)
        _, encoded = cv2.imencode(".png", bgr)
        try:
            path.write_bytes(encoded.tobytes())
            if numbers_of is not None:
                record = record_of(numbers_of, grid=True, top=True)
                path.with_suffix(".json").write_text(json.dumps(record, indent=1), "utf-8")
        except OSError as error:
            with suppress(OSError):  # half a picture is of no use
                path.unlink(missing_ok=True)
                path.with_suffix(".json").unlink(missing_ok=True)
            raise SinkError(f"the snapshot {path} was not saved ({error.strerror}).") from error
        self._kept(path)
        self._notify(f"saved {path}")
