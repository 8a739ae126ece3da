#!/usr/bin/env bash
# The six trackers of Roboflow's package "trackers" follow a thing that stands still in a picture a
# minute, as long as nobody tells them the times; told when each picture was taken, they lose it as
# soon as pictures are more than a second apart, were it 1.01 s: it has no number, or a new one now
# and then. The buffer of lost tracks is at least one frame where it counts frames; where it counts
# seconds, lost_track_buffer / 30, it has no such least, frame_rate does not scale it, and what is
# older is dropped before the new picture is compared with it (trackers 2.6.1). livecam's own
# tracker, which goes by the times, remembers a thing for one frame at least
# (livecam/core/object_tracker.py).
#
# The guess: true times are better than none. The documentation says of frame_rate that it scales
# the buffer for consistent tracking at different rates, and of the times that they are for those
# that vary.
# One box at the same place in 8 pictures, frame_rate set to the true one. Shown is in how many of
# the 8 it has a number: without times, then with them. Some trackers never number the first one or
# two. "1 s, uneven" is 0.97 s and 1.03 s in turn; the last column has lost_track_buffer=60.
# Needs bash, python3 (3.11 or newer) and pip; any user; about a minute.
# The output, which this script compares with what it gets:
#   > SORT      1 s: 6 6  1 s, uneven: 6 0  1.01 s: 6 0  60 s: 6 0  1.01 s, buffer 60: 6
#   > ByteTrack 1 s: 7 7  1 s, uneven: 7 4  1.01 s: 7 0  60 s: 7 0  1.01 s, buffer 60: 7
#   > OCSORT    1 s: 7 7  1 s, uneven: 7 2  1.01 s: 7 0  60 s: 7 0  1.01 s, buffer 60: 7
#   > BoTSORT   1 s: 8 8  1 s, uneven: 8 5  1.01 s: 8 1  60 s: 8 1  1.01 s, buffer 60: 8
#   > CBIoU     1 s: 8 8  1 s, uneven: 8 5  1.01 s: 8 1  60 s: 8 1  1.01 s, buffer 60: 8
#   > McByte    1 s: 8 8  1 s, uneven: 8 5  1.01 s: 8 1  60 s: 8 1  1.01 s, buffer 60: 8
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet trackers==2.6.1 supervision==0.31.2 numpy==2.4.6
"$folder/venv/bin/python" -W ignore - << 'PYTHON' | tee "$folder/output"
import numpy as np
import supervision
import trackers

FRAMES = 8
NAMES = ("SORT", "ByteTrack", "OCSORT", "BoTSORT", "CBIoU", "McByte")
STEPS_S = {"1 s": (1, 1), "1 s, uneven": (0.97, 1.03), "1.01 s": (1.01, 1.01), "60 s": (60, 60)}


def numbered(name, steps_s, is_told, **settings):
    """In how many frames the box has a number."""
    frame_rate = 2 / sum(steps_s)
    tracker = getattr(trackers, f"{name}Tracker")(frame_rate=frame_rate, **settings)
    time_s, count = 0.0, 0
    for number in range(FRAMES):
        box = supervision.Detections(
            xyxy=np.array([[100.0, 100.0, 180.0, 180.0]]),
            confidence=np.array([0.9]),
            class_id=np.array([0]),
        )
        found = tracker.update(box, **({"timestamp": time_s} if is_told else {}))
        count += int((found.tracker_id >= 0).sum())
        time_s += steps_s[number % 2]
    return count


for name in NAMES:
    row = [
        f"{step}: {numbered(name, steps_s, False)} {numbered(name, steps_s, True)}"
        for step, steps_s in STEPS_S.items()
    ]
    longer = numbered(name, STEPS_S["1.01 s"], True, lost_track_buffer=60)
    print(f"{name:9} {'  '.join(row)}  1.01 s, buffer 60: {longer}")
PYTHON
diff <(sed -n 's/^#   > //p' "$0") "$folder/output"
echo "as found: trackers_given_the_time"
