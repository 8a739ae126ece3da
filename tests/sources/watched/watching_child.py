"""Writes a clip of a watched one until it is killed: watching_child.py CLIP EVENT FROM_S UNTIL_S.

It has no end: at UNTIL_S it says so, and waits.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
import cv2  # noqa: F401  (before av)
from sources.watched.watching import looks_of, watched

source = watched(sys.argv[1])
source.open()
clip = None
for look in looks_of(source, float(sys.argv[4])):
    if clip is None and look.time_s >= 2.0:
        clip = source.begin_clip(float(sys.argv[3]), Path(sys.argv[2]))
print("written", look.time_s, flush=True)  # noqa: T201
time.sleep(600)
