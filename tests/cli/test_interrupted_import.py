"""A signal during an import: a native module answers it with ImportError, of whatever cause."""

import os
import subprocess
import sys

import pytest
from support import MAIN, ROOT, livecam, program_env, textured, write_clip

from livecam.cli.stop_signals import INTERRUPTED, Stopped, code_of_interrupt

COMMANDS = [["run", "--no-window", "--stats", "-"], ["judge"], ["batch", "--out", "archive"]]
# What pybind11 does with an exception that Python raises while it fills a module.
INTERPRETER = """
import os
import signal
import time

try:
    os.kill(os.getpid(), signal.{name})
    time.sleep(60)
except BaseException as interrupt:
    raise ImportError("initialization failed") from interrupt
"""


@pytest.mark.skipif(os.name == "nt", reason="os.kill sends no signal on Windows")
@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_signal_while_litert_is_imported_is_no_missing_library(tmp_path, command, name, code):
    package = tmp_path / "modules" / "ai_edge_litert"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "interpreter.py").write_text(INTERPRETER.format(name=name))
    clip = write_clip(tmp_path / "clip.mp4", [textured(64, 48)] * 30, [i / 30 for i in range(30)])
    verb, *flags = command
    path = os.pathsep.join([str(package.parent), str(ROOT)])
    run = livecam(verb, clip, *flags, "--model", "flowers", cwd=tmp_path, env={"PYTHONPATH": path})
    assert run.returncode == code, run.stderr
    assert "LiteRT" not in run.stderr
    assert "Traceback" not in run.stderr


SIGNALS = pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
MODULES = {
    "run": ["cyclopts", "livecam.cli.run", "daisy", "--no-window", "--stats", "-"],
    "serve": ["livecam.cli.run", "daisy"],
    "demo": ["livecam.cli.demo"],
    "bench": ["livecam.cli.bench"],
    "watch": ["livecam.cli.watch_command", "livecam.cli.watch", "daisy", "--when", "daisy > 0.8"],
    "batch": ["livecam.cli.batch_command", "livecam.cli.batch", "clips", "--out", "archive"],
    "find": ["livecam.cli.find_command", "livecam.cli.find", "archive", "daisy > 0.8"],
    "teach": ["livecam.cli.teach_command", "livecam.cli.teach", "garden"],
    "judge": ["livecam.cli.judge", "photos"],
    "accuracy": ["livecam.cli.accuracy", "photos"],
    "models": ["livecam.cli.models"],
    "repair": ["livecam.cli.repair", "broken.mp4"],
    "devices": ["livecam.cli.devices"],
    "doctor": ["livecam.cli.doctor"],
}
"""Of each command modules that are imported for it, then its arguments."""
WHILE_IMPORTED = """
import os, signal, sys
interrupted = sys.argv.pop(1)

class Import:
    def find_spec(self, name, *_):
        if name != interrupted:
            return None
        try:
            exec("os.kill(os.getpid(), signal.{name})")  # of an exec Python itself keeps Ctrl-C
        except BaseException:
            raise ImportError(name) from None

sys.meta_path.insert(0, Import())
"""


def interrupted(cwd, program, *words):
    return subprocess.run(
        [sys.executable, "-c", program, *words], cwd=cwd, env=program_env(),
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="os.kill sends no signal on Windows")
@SIGNALS
@pytest.mark.parametrize("command", MODULES)
def test_a_signal_while_a_command_is_imported_ends_it(tmp_path, command, name, code):
    words = MODULES[command]
    for module in (word for word in words if word.startswith(("livecam.", "cyclopts"))):
        given = [word for word in words if not word.startswith(("livecam.", "cyclopts"))]
        program = WHILE_IMPORTED.replace("{name}", name) + MAIN
        run = interrupted(tmp_path, program, module, command, *given)
        assert (run.returncode, run.stdout, run.stderr) == (code, "", ""), module
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="os.kill sends no signal on Windows")
@SIGNALS
def test_a_signal_during_a_command_without_files_of_its_own_ends_it(tmp_path, name, code):
    now = (
        "import os, signal\n"
        "from livecam.cli import devices\n"
        f"devices.list_devices = lambda **_: os.kill(os.getpid(), signal.{name})\n"
    )
    run = interrupted(tmp_path, now + MAIN, "devices")
    assert (run.returncode, run.stdout, run.stderr) == (code, "", "")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no nohup")
def test_a_signal_that_was_ignored_from_the_start_still_is(tmp_path):
    ignored = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    program = ignored + WHILE_IMPORTED.replace("{name}", "SIGINT").replace(
        "        except", "            return None\n        except"
    )
    run = interrupted(tmp_path, program + MAIN, "livecam.cli.stats_columns", "stats-columns")
    assert (run.returncode, run.stderr) == (0, "")


def test_an_error_of_its_own_is_told_though_a_signal_came_before():
    error = OSError("the recording could not be finished")
    error.__context__ = Stopped(143)  # it was being closed
    assert code_of_interrupt(error) is None
    assert code_of_interrupt(KeyboardInterrupt()) == INTERRUPTED


def test_errors_that_are_each_others_cause_are_errors_of_their_own():
    one, other = OSError("no room"), RuntimeError("the writer ended")
    one.__cause__, other.__cause__ = other, one
    assert code_of_interrupt(one) is None
