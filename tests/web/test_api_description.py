"""The API answers as its description says, also to random requests: tested by schemathesis."""

import subprocess
import sys
import time

from events_folder import event_at, write_events
from web.serving import QUIET, serving
from web.watching.pages import camera_of, look_of, state_of, watch_page

from livecam.web.server.rate_limit import RateLimiter

# The endless stream, the login with its strict rate limit, and the key that can quit.
LEFT_OUT = r"/api/(stream\.mjpg|login|key)$"
CHECKS = [
    "not_a_server_error", "status_code_conformance", "content_type_conformance",
    "response_schema_conformance", "negative_data_rejection", "unsupported_method",
]  # fmt: skip

WITHOUT_RATE_LIMITS = """
from livecam.web.server.rate_limit import RateLimiter
RateLimiter.allow = lambda *_: True
"""


def schemathesis(served, folder):
    """Random requests to a server, of every route that it describes."""
    command = [sys.executable, "-m", "schemathesis.cli", "run"]
    command += [f"{served.url}api/openapi.json", "--exclude-path-regex", LEFT_OUT]
    command += ["--checks", ",".join(CHECKS), "--seed", "7"]
    command += ["--max-examples", "20", "--phases", "examples,coverage,fuzzing"]
    command += ["--no-color", "--request-timeout", "30", "--generation-database", "none"]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=800, check=False
    )


def test_every_response_is_as_described(tmp_path):
    with serving(tmp_path, *QUIET, before=WITHOUT_RATE_LIMITS) as served:
        run = schemathesis(served, tmp_path)
        assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-1000:]
        assert served.get("/healthz").status == 200
        assert not [line for line in served.stderr_lines if "failed" in line]


def test_every_response_of_the_page_of_events_is_as_described(tmp_path, monkeypatch):
    monkeypatch.setattr(RateLimiter, "allow", lambda *_: True)
    folder = write_events(tmp_path / "garden", [event_at()])
    with watch_page(folder, is_watching=True) as served:
        # On a busy machine all requests take longer than a camera may go without a look.
        look = look_of(1, looked_s=time.monotonic() + 3600.0)
        served.screen.show(state_of(camera_of("bed", look)))
        run = schemathesis(served, tmp_path)
        assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-1000:]
        assert served.get("/api/watch")["title"] == "garden"
        assert not [line for line in served.said if "failed" in line]
