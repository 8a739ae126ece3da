#!/usr/bin/env bash
# Opening the SVT-AV1 encoder as root gives the highest real-time priority to the thread that opened
# it as well, not only to the encoder's own threads, and every program started from that thread
# later inherits it (PyAV 18.1.0 with SVT-AV1 4.1.0, Linux). On two cores nothing else runs then.
# livecam takes it back once the encoder is open (livecam/sinks/recording/thread_priority.py).
#
# The guess: an encoder leaves the scheduling of its caller alone, as libx264 and libx265 do.
# Needs bash, python3 (3.11 or newer), pip, Linux, and root with the right to set real-time
# priorities (some containers lack it: there nothing changes, and this fails); less than a minute.
# The output, which this script compares with what it gets:
#   > at the start       this thread SCHED_OTHER 0    a new program SCHED_OTHER 0
#   > libx264 is open    this thread SCHED_OTHER 0    a new program SCHED_OTHER 0
#   > libx265 is open    this thread SCHED_OTHER 0    a new program SCHED_OTHER 0
#   > libsvtav1 is open  this thread SCHED_FIFO 99    a new program SCHED_FIFO 99
#   > libsvtav1 closed   this thread SCHED_FIFO 99    a new program SCHED_FIFO 99
set -euo pipefail
if [ "$(id -u)" != 0 ]; then
    echo "svt_av1_realtime_priority: run it as root" >&2
    exit 2
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet av==18.1.0
SVT_LOG=1 timeout 120 "$folder/venv/bin/python" - << 'PYTHON' | tee "$folder/output"
import io
import os
import subprocess
import sys

import av

NAMES = {os.SCHED_OTHER: "SCHED_OTHER", os.SCHED_FIFO: "SCHED_FIFO"}
ASK = "import os; print(os.sched_getscheduler(0), os.sched_getparam(0).sched_priority)"


def told(policy, priority):
    return f"{NAMES.get(policy, policy)} {priority}"


def show(moment):
    here = told(os.sched_getscheduler(0), os.sched_getparam(0).sched_priority)
    child = subprocess.check_output([sys.executable, "-c", ASK], text=True)
    there = told(*map(int, child.split()))
    print(f"{moment:18} this thread {here:14}   a new program {there}")


show("at the start")
for codec in ("libx264", "libx265", "libsvtav1"):
    with av.open(io.BytesIO(), "w", format="matroska") as output:
        quiet = {"x265-params": "log-level=none"} if codec == "libx265" else {}
        stream = output.add_stream(codec, rate=30, options=quiet)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        output.start_encoding()
        show(f"{codec} is open")
show("libsvtav1 closed")
PYTHON
diff <(sed -n 's/^#   > //p' "$0") "$folder/output"
echo "as found: svt_av1_realtime_priority"
