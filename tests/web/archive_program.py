"""`livecam serve ARCHIVE` as tests start it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from programs import started
from support import MAIN, eventually, program_env
from web.serving import LivecamProcess, read_lines


@contextmanager
def serving_archive(archive: Path) -> Iterator[LivecamProcess]:
    """A program with the page of an archive."""
    command = [sys.executable, "-c", MAIN, "serve", archive, "--port", "0"]
    streams = {"stderr": subprocess.PIPE, "text": True}
    with started(command, cwd=archive.parent, env=program_env(), **streams) as process:
        running = LivecamProcess(process, archive)
        with read_lines(process, running.stderr_lines):
            eventually(lambda: "page is at" in "".join(running.stderr_lines))
            eventually(lambda: running.get("/healthz").status == 200)
            yield running
