"""The records of one day in a folder of events, as `livecam watch` writes them."""

from datetime import datetime, timedelta

import numpy as np
from events_folder import FIRST, event_at, write_events
from support import eventually, textured

from livecam.core.class_figures import ClassFigures
from livecam.core.day_records.day_look import DayLook
from livecam.core.types import BgrImage
from livecam.core.view import View
from livecam.settings.day_records import DayRecordSettings
from livecam.sinks.day_records.day_records import DayRecordOptions, DayRecords

PEAKS = {"daisy": (2, 1), "bee": (4, 4), "barn spider": (1, 5)}
LOOKS_AN_HOUR = 2
HOURS = range(5, 22)


def figures_of(class_name, hour):
    """Evidence that lies in one place all day."""
    row, column = PEAKS[class_name]
    y, x = np.mgrid[0:7, 0:7]
    grid = (8 * np.exp(-((y - row) ** 2 + (x - column) ** 2) / 2)).astype(np.float32)
    return ClassFigures(0, class_name, grid, 8.0, 1.0, (row, column), 2.0, 0.2 + hour / 40)


def write_day(folder, camera="", classes=("daisy", "bee"), *, hours=HOURS, size=(320, 240)):
    """Looks of every hour, events in some of them, and a time-lapse; gives the events."""
    events = [
        event_at(FIRST.replace(hour=hour) + timedelta(minutes=5 * number), name, camera, files={})
        for place, name in enumerate(classes)
        for hour in hours
        for number in range((hour * (place + 3)) % (5 - place))
    ]
    write_events(folder, events, files=False)
    step_min = 60 // LOOKS_AN_HOUR
    settings = DayRecordSettings(timelapse=60.0 * step_min)
    options = DayRecordOptions(folder, settings, View(0, (0,)), lambda: ())
    records = DayRecords(options, print)
    for hour in hours:
        for minute in range(0, 60, step_min):
            show(records, camera, classes, FIRST.replace(hour=hour, minute=minute), size)
    for event in events:
        records.ended(event, None)
    eventually(records.is_idle)
    records.close()
    return events


def show(records: DayRecords, camera, classes, at: datetime, size):
    """One look."""
    picture = BgrImage(textured(*size, at.hour))
    figures = [figures_of(name, at.hour) for name in classes]
    for of in figures:
        records.looked(camera, of.class_name, of.probability, at)
    records.show(DayLook(camera, at, picture, figures, lambda: picture))
    eventually(records.is_idle)
