"""Feeds stamped pictures to ffmpeg, which serves them as MJPEG over HTTP to one client.

python http_server.py PORT WIDTH HEIGHT RATE
"""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from stamped import grey_picture, paced

PORT, WIDTH, HEIGHT, RATE = (int(word) for word in sys.argv[1:5])
COMMAND = [
    "ffmpeg", "-nostdin", "-loglevel", "error", "-fflags", "nobuffer", "-probesize", "32",
    "-use_wallclock_as_timestamps", "1", "-f", "rawvideo", "-pix_fmt", "gray",
    "-s", f"{WIDTH}x{HEIGHT}", "-r", str(RATE), "-i", "pipe:0",
    "-vsync", "passthrough", "-threads", "1", "-pix_fmt", "yuvj420p",
    "-c:v", "mjpeg", "-q:v", "4", "-flush_packets", "1",
    "-f", "mpjpeg", "-listen", "1", f"http://127.0.0.1:{PORT}/garden",
]  # fmt: skip
stamps = paced(RATE)
is_first = True
while True:  # ffmpeg serves one client and ends with it: the next one finds a new ffmpeg
    # In our group of processes: who kills that, kills both.
    server = subprocess.Popen(COMMAND, stdin=subprocess.PIPE)
    assert server.stdin is not None
    if is_first:
        print("ready", flush=True)  # noqa: T201  (a program of its own)
    is_first = False
    with suppress(BrokenPipeError):
        for _, stamp in stamps:
            server.stdin.write(grey_picture(stamp, WIDTH, HEIGHT))
            server.stdin.flush()
    with suppress(BrokenPipeError):
        server.stdin.close()
    server.wait()
