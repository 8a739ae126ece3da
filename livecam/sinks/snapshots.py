"""Snapshots: saves the annotated picture, or the clean one with its figures, when a key asks."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import cv2

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.stats_record import stats_record
from livecam.core.types import BgrImage
from livecam.errors import SinkError
from livecam.sinks.output_paths import Now, dated_path, made_folder


class SnapshotWriter:
    """Saves a picture whenever the view's snapshot counters rise; implements protocols.Sink."""

    def __init__(
        self,
        folder: Path,
        *,
        notify: Callable[[str], None],
        on_saved: Callable[[Path], None] = lambda _: None,
        now: Now = datetime.now,
    ) -> None:
        """Save into a folder, which is created with the first snapshot.

        Args:
            folder: where the pictures go.
            notify: gets one line for the user: what was saved, or what failed.
            on_saved: gets the path of every picture.
            now: the wall clock, for the names.
        """
        self._folder, self._notify, self._on_saved, self._now = folder, notify, on_saved, now
        self._saved_annotated = self._saved_clean = 0

    def show(self, annotated: AnnotatedFrame) -> None:
        """Save what was asked for since the last frame; notifies of a failure, raises nothing."""
        view = annotated.view
        try:
            if view.snapshots > self._saved_annotated:
                self._save(annotated.picture, None)
            if view.clean_snapshots > self._saved_clean:
                self._save(annotated.frame.bgr, annotated)
        except SinkError as error:
            self._notify(str(error))
        self._saved_annotated, self._saved_clean = view.snapshots, view.clean_snapshots

    def _save(self, bgr: BgrImage, stats_of: AnnotatedFrame | None) -> None:
        """Save a picture; with `stats_of`, as a clean one with the figures of that frame."""
        suffix = ".png" if stats_of is None else "_clean.png"
        path = dated_path(made_folder(self._folder), self._now(), suffix)
        _, encoded = cv2.imencode(".png", bgr)
        try:
            path.write_bytes(encoded.tobytes())
            if stats_of is not None:
                record = stats_record(stats_of, grid=True, top=True)
                path.with_suffix(".json").write_text(json.dumps(record, indent=1), "utf-8")
        except OSError as error:
            with suppress(OSError):  # leave no incomplete file behind
                path.unlink(missing_ok=True)
                path.with_suffix(".json").unlink(missing_ok=True)
            raise SinkError(f"the snapshot {path} was not saved ({error.strerror}).") from error
        self._on_saved(path)
        self._notify(f"saved {path}")
