"""The API answers as its description says, also to random requests: tested by schemathesis."""

import subprocess
import sys

from web.serving import QUIET, serving

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


def test_every_response_is_as_described(tmp_path):
    with serving(tmp_path, *QUIET, before=WITHOUT_RATE_LIMITS) as served:
        command = [sys.executable, "-m", "schemathesis.cli", "run"]
        command += [f"{served.url}api/openapi.json", "--exclude-path-regex", LEFT_OUT]
        command += ["--checks", ",".join(CHECKS), "--seed", "7"]
        command += ["--max-examples", "20", "--phases", "examples,coverage,fuzzing"]
        command += ["--no-color", "--request-timeout", "30", "--generation-database", "none"]
        run = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, timeout=800, check=False
        )
        assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-1000:]
        assert served.get("/healthz").status == 200
        assert not [line for line in served.stderr_lines if "failed" in line]
