#!/usr/bin/env bash
# In OpenCV 5 the first text that a thread draws or measures costs some 30 ms of CPU time, hundreds
# of times what its next one costs, and 6 MB while the thread lives: in every thread anew, with a
# shared FontFace as with the old FONT_HERSHEY numbers (opencv-python 5.0.0.93). livecam writes all
# texts of a picture in one thread that stays (livecam/core/annotated_picture.py).
#
# The guess: fonts are set up once in a process, so that one text at the start is enough; a FontFace
# made once is there to be shared. A thread for each picture, or a large pool, then looks harmless.
# Each row is a process: two calls in the main thread, then four in each of eight threads that are
# alive together.
# Needs bash, python3 (3.11 or newer), pip and Linux; any user; less than a minute.
# The output, which this script compares with what it gets; "slow" is 20 times the second call in
# the thread or more, and "large" 2 MB a thread or more:
#   > putText, FONT_HERSHEY_SIMPLEX  slow first calls 8 of 8, memory large
#   > putText, one shared FontFace   slow first calls 8 of 8, memory large
#   > getTextSize, shared FontFace   slow first calls 8 of 8, memory large
#   > circle                         slow first calls 0 of 8, memory small
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet opencv-python==5.0.0.93 numpy==2.4.6
cat > "$folder/show.py" << 'PYTHON'
import os
import sys
import threading
import time

import cv2
import numpy as np

THREADS, SLOW, LARGE = 8, 20, 2_000_000
PICTURE = np.zeros((200, 400, 3), np.uint8)
FACE = cv2.FontFace("sans")
WHITE, AT = (255, 255, 255), (10, 50)
ACTIONS = {
    "putText, FONT_HERSHEY_SIMPLEX": lambda: cv2.putText(
        PICTURE, "live", AT, cv2.FONT_HERSHEY_SIMPLEX, 1, WHITE
    ),
    "putText, one shared FontFace": lambda: cv2.putText(PICTURE, "live", AT, WHITE, FACE, 30),
    "getTextSize, shared FontFace": lambda: cv2.getTextSize((400, 200), "live", AT, FACE, 30),
    "circle": lambda: cv2.circle(PICTURE, AT, 9, WHITE),
}


def cpu_ms(action):
    start = time.thread_time_ns()
    action()
    return (time.thread_time_ns() - start) / 1e6


def resident_bytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def work(action, times, gate):
    times.append([cpu_ms(action) for _ in range(4)])
    gate.wait()
    gate.wait()


name = sys.argv[1]
action, times, gate = ACTIONS[name], [], threading.Barrier(THREADS + 1)
action()
action()
before = resident_bytes()
threads = [threading.Thread(target=work, args=(action, times, gate)) for _ in range(THREADS)]
for thread in threads:
    thread.start()
gate.wait()
a_thread = (resident_bytes() - before) / THREADS
gate.wait()
for thread in threads:
    thread.join()
# A call of a few microseconds counts as 0.05 ms, or the noise of the clock would decide.
slow = sum(first >= SLOW * max(second, 0.05) for first, second, *_ in times)
memory = "large" if a_thread >= LARGE else "small"
print(f"{name:30} slow first calls {slow} of {THREADS}, memory {memory}")
first, second, *_ = np.median(times, axis=0)
told = f"CPU time {first:.2f}, then {second:.3f} ms; {a_thread / 1e6:.1f} MB a thread"
print(f"  measured here: {told}", file=sys.stderr)
PYTHON
show() { "$folder/venv/bin/python" "$folder/show.py" "$1"; }
{
    show "putText, FONT_HERSHEY_SIMPLEX"
    show "putText, one shared FontFace"
    show "getTextSize, shared FontFace"
    show "circle"
} | tee "$folder/output"
diff <(sed -n 's/^#   > //p' "$0") "$folder/output"
echo "as found: cv2_first_text_of_a_thread"
