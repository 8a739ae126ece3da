"""Plays a video in a headless Chromium, which reports size, duration and colours."""

import json
import queue
import shutil
import subprocess
import threading
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from programs import started
from support import WAIT_S

PAGE = """<!doctype html><video id=v muted></video><script>
const v = document.getElementById("v"), report = {{}};
const send = () => fetch("/report", {{method: "POST", body: JSON.stringify(report)}});
v.onerror = () => {{ report.error = v.error.message || String(v.error.code); send(); }};
v.onloadeddata = async () => {{
  Object.assign(report, {{duration: v.duration, width: v.videoWidth, height: v.videoHeight,
    seekable: v.seekable.length ? v.seekable.end(0) : 0}});
  v.playbackRate = 2;
  v.onended = () => {{
  const c = document.createElement("canvas");
  c.width = v.videoWidth; c.height = v.videoHeight;
  const g = c.getContext("2d"); g.drawImage(v, 0, 0);
  const rgb = ([x, y]) => Array.from(g.getImageData(x, y, 1, 1).data).slice(0, 3);
  report.patches = {places}.map(rgb);
  report.ended = v.currentTime;
    report.shown = v.getVideoPlaybackQuality().totalVideoFrames; send(); }};
  await v.play();
}};
// This server knows no ranges; a blob can be sought in like a file.
fetch("{name}").then(r => r.blob()).then(b => {{ v.src = URL.createObjectURL(b); }});
</script>"""
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--mute-audio",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--force-color-profile=srgb",
]


class _Handler(SimpleHTTPRequestHandler):
    found: "queue.Queue[dict[str, Any]]"

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.found.put(json.loads(self.rfile.read(length)))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def played(path: Path, profile: Path, places: list[tuple[int, int]] = []) -> dict[str, Any]:  # noqa: B006
    """Duration, size, end and colours as Chromium has them."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("the program chromium is missing: it is the browser of these tests")
    page = path.with_suffix(".html")
    page.write_text(PAGE.format(name=path.name, places=json.dumps(places)), "utf-8")
    found: queue.Queue[dict[str, Any]] = queue.Queue()
    handler = type("Handler", (_Handler,), {"found": found})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(path.parent)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/{page.name}"
    command = [chromium, *FLAGS, f"--user-data-dir={profile}", url]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        with started(command, **quiet) as browser:  # one that does not end in time is killed
            report = found.get(timeout=WAIT_S)
            browser.terminate()
            with suppress(subprocess.TimeoutExpired):
                browser.wait(20)
            return report
    finally:
        server.shutdown()
        server.server_close()
