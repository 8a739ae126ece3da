"""Folders of events as `livecam watch` leaves them: the list, clips, thumbnails, figures."""

import json
import shutil
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import cv2
import numpy as np
from support import textured, write_clip

from livecam.core.watching.watch_event import (
    FILE_KINDS,
    Strongest,
    WatchEvent,
    event_file,
    event_id,
    event_record,
)
from livecam.sinks.events.event_log import LOG_NAME

ZONE = timezone(timedelta(hours=2))
FIRST = datetime(2026, 7, 1, 6, 12, 3, 500_000, tzinfo=ZONE)
INTO_S = 1.2
CLIP_S, CLIP_RATE = 3.0, 10


def event_at(start=FIRST, class_name="daisy", camera="", *, probability=0.97, **changes):
    """One event of 18 seconds, with all of its files."""
    event = event_id(start, class_name, camera, ())
    strongest = Strongest(
        at=start + timedelta(seconds=INTO_S - 1.0), into_s=INTO_S, probability=probability,
        max=34.1, mean=5.2, logit=9.1, seen=class_name, centre=(80.0, 60.0),
        box=(60.0, 40.0, 40.0, 40.0), frame_size=(160, 120),
    )  # fmt: skip
    whole = WatchEvent(
        event=event, class_name=class_name, state="ended", start=start, start_s=812.5,
        end=start + timedelta(seconds=18), end_s=830.5, looks=35, strongest=strongest,
        files={kind: event_file(event, kind) for kind in FILE_KINDS}, camera=camera,
        why=f"{class_name} > 0.8 in 3 of the last 4 looks", source="rtsp://garden/live",
    )  # fmt: skip
    return replace(whole, **changes)


def write_events(folder: Path, events, *, files=True) -> Path:
    """Add events to the list of a folder, and their files where those are wanted."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOG_NAME).open("a", encoding="utf-8") as log:
        for event in events:
            if files:
                _write_files(folder, event)
            log.write(json.dumps(event_record(event), ensure_ascii=False) + "\n")
    return folder


def _write_files(folder: Path, event: WatchEvent) -> None:
    for kind, name in event.files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        if kind in ("clean", "annotated"):
            shutil.copy(_clip(), path)
        elif kind == "figures":
            path.write_text('{"frame": 0, "time_s": 0.0, "class": "daisy"}\n')
        else:
            hue = sum(event.event.encode()) % 200
            cv2.imwrite(str(path), textured(160, 120, hue))


@cache
def _clip() -> Path:
    """Grey, and white from the strongest moment on."""
    count = round(CLIP_S * CLIP_RATE)
    pictures = [
        np.full((120, 160, 3), 220 if n / CLIP_RATE >= INTO_S else 60, np.uint8)
        for n in range(count)
    ]
    return write_clip(Path(mkdtemp()) / "clip.mp4", pictures, [n / CLIP_RATE for n in range(count)])
