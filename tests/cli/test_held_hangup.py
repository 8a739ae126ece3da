"""SIGHUP while `livecam watch` is still being imported: it waits, and is then what it means."""

import os
import signal
import subprocess
import sys

import pytest
from programs import started
from support import MAIN, WAIT_S, program_env

from livecam.cli.held_hangup import names_watch

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="Windows has no SIGHUP")

WHILE_IMPORTED = """
import sys

class Import:
    def find_spec(self, name, *_):
        if name == "livecam.cli.watch":
            happen()
        return None

sys.meta_path.insert(0, Import())
"""
HANGUP = "import os, signal\ndef happen(): os.kill(os.getpid(), signal.SIGHUP)\n"
SETTINGS = """
model = "flowers"
scene-size = "320x240"
look-every = 0.1
[camera.bed]
source = "daisy"
when = "daisy > 0.5"
"""


@pytest.fixture
def words(tmp_path):
    (tmp_path / "garden.toml").write_text(SETTINGS)
    return ["watch", "garden.toml", "--seconds", "0.5"]


def test_a_reload_while_it_is_imported_reads_the_settings_again(words, tmp_path):
    run = subprocess.run(  # noqa: PLW1510
        [sys.executable, "-c", HANGUP + WHILE_IMPORTED + MAIN, *words],
        cwd=tmp_path, env=program_env(), timeout=WAIT_S, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "the settings were read again: 1 source" in run.stderr


def test_a_terminal_that_is_closed_while_it_is_imported_ends_it(words, tmp_path):
    import pty

    closed = (
        "import os\n"
        "from contextlib import suppress\n"
        "def happen():\n"
        "    os.write(1, b'.')\n"
        "    with suppress(OSError):\n"
        "        os.read(0, 1)\n"  # until the terminal is gone
    )
    terminal, inside = pty.openpty()
    command = [sys.executable, "-c", closed + WHILE_IMPORTED + MAIN, *words]
    with started(
        command, cwd=tmp_path, env=program_env(), stdin=inside, stdout=inside, stderr=inside,
        start_new_session=True, preexec_fn=lambda: own_terminal(inside),
    ) as program:  # fmt: skip
        os.close(inside)
        os.read(terminal, 1)
        os.close(terminal)
        assert program.wait(WAIT_S) == 128 + signal.SIGHUP
    assert not (tmp_path / "events").exists()


def own_terminal(descriptor):
    import fcntl
    import termios

    fcntl.ioctl(descriptor, termios.TIOCSCTTY, 0)


@pytest.mark.parametrize(
    ("words", "is_watch"),
    [
        (["watch", "0"], True),
        (["--config", "a.toml", "watch"], True),
        (["--config=a.toml", "watch", "0"], True),
        (["run", "watch"], False),
        (["--config", "watch"], False),
        ([], False),
    ],
)
def test_only_watch_waits(words, is_watch):
    assert names_watch(words) is is_watch
