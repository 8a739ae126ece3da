"""The pool goes on where a process dies, and names the task that was to blame."""

import multiprocessing
import os
import select
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from archive_workers import make_broken, make_doubling
from programs import started
from support import ROOT, eventually

from livecam.errors import SinkError
from livecam.execution.ctrl_c_in_children import children_ignore_ctrl_c
from livecam.execution.process_pool import ProcessPool

WAIT_S = 0.1


def done(pool, tasks) -> dict:
    """The outcomes of all tasks by task."""
    waiting, ended = list(tasks), {}
    count = len(waiting)
    while len(ended) < count:
        while waiting and pool.can_take():
            pool.submit(waiting.pop(0))
        for outcome in pool.outcomes(WAIT_S):
            assert outcome.task not in ended
            ended[outcome.task] = outcome
    return ended


def test_every_task_has_one_outcome():
    with ProcessPool(make_doubling, 2) as pool:
        ended = done(pool, range(20))
    assert {task: outcome.result for task, outcome in ended.items()} == {
        n: 2 * n for n in range(20)
    }
    assert pool.retries == 0


def test_a_task_that_kills_its_process_is_given_up_and_all_others_are_done():
    with ProcessPool(make_doubling, 2) as pool:
        ended = done(pool, [1, 2, "die", 3, 4, 5])
    assert {task: outcome.result for task, outcome in ended.items()} == {
        1: 2, 2: 4, 3: 6, 4: 8, 5: 10, "die": None,
    }  # fmt: skip
    assert "died" in ended["die"].problem
    assert pool.retries >= 2


def test_a_task_whose_process_was_killed_by_others_is_done_again(tmp_path):
    once = tmp_path / "once"
    with ProcessPool(make_doubling, 2) as pool:
        ended = done(pool, [1, once, 2])
    assert ended[once].result == str(once)
    assert not any(outcome.problem for outcome in ended.values())


@pytest.mark.skipif(not hasattr(select, "PIPE_BUF"), reason="Windows' pipes keep messages whole")
def test_no_message_of_a_worker_can_be_cut_by_its_death():
    """The pool would wait for the rest of it for ever, in the run and at its end."""
    with ProcessPool(make_doubling, 1) as pool:
        ended = done(pool, ["die while a result is sent", 2])
    assert ended["die while a result is sent"].result == bytes(1_000_000)
    assert ended[2].result == 4
    assert pool.retries == 0


def test_results_leave_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with ProcessPool(make_doubling, 1) as pool:
        assert done(pool, [1, 2])[2].result == 4
        pool.submit(3)
    assert not list(tmp_path.glob("livecam-*"))


def test_a_result_that_cannot_be_kept_says_where_and_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with ProcessPool(make_doubling, 1) as pool:
        (folder,) = tmp_path.glob("livecam-results-*")
        folder.rmdir()
        problem = done(pool, [1])[1].problem
    assert problem.startswith(f"its result could not be kept in {folder} (no such file")
    assert problem.endswith("with TMPDIR.")


def test_a_temporary_folder_that_is_not_there_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(SinkError, match="TMPDIR"), ProcessPool(make_doubling, 1):
        pass


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="Windows has no SIGINT for one process")
def test_ctrl_c_never_reaches_a_worker_from_its_very_start_on(capfd):
    with ProcessPool(make_doubling, 2) as pool:
        for task in (1, 2):
            pool.submit(task)
            for worker in multiprocessing.active_children():
                os.kill(worker.pid, signal.SIGINT)
        ended = {}
        while len(ended) < 2:
            ended |= {outcome.task: outcome for outcome in pool.outcomes(WAIT_S)}
    assert {task: outcome.result for task, outcome in ended.items()} == {1: 2, 2: 4}
    assert pool.retries == 0
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="Windows has no signal mask")
def test_ctrl_c_while_processes_start_reaches_the_program_afterwards():
    reached = []
    before = signal.signal(signal.SIGINT, lambda *_: reached.append("now"))
    try:
        with children_ignore_ctrl_c():
            signal.raise_signal(signal.SIGINT)
            assert not reached
        assert reached == ["now"]
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_worker_that_fails_is_the_problem_of_its_task_alone():
    with ProcessPool(make_doubling, 1) as pool:
        ended = done(pool, [1, "fail", 2])
    assert ended["fail"].problem == "ValueError: it is the worker's own"
    assert ended[2].result == 4


def test_workers_that_cannot_be_made_say_why():
    with ProcessPool(make_broken, 1) as pool:
        ended = done(pool, [1])
    assert ended[1].problem == "RuntimeError: no worker can be made"


def is_running(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{number}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="asks Linux's /proc for processes")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_workers_end_with_the_program_that_is_killed_and_results_with_them(how, tmp_path):
    code = (
        "from livecam.execution.process_pool import ProcessPool\n"
        "from archive_workers import make_doubling\n"
        "if __name__ == '__main__':\n"
        "    with ProcessPool(make_doubling, 1) as pool:\n"
        "        pool.submit('pid')\n"
        "        outcomes = []\n"
        "        while not outcomes:\n"
        "            outcomes = pool.outcomes(0.1)\n"
        "        print(outcomes[0].result, flush=True)\n"
        "        input()\n"
    )
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    environment = os.environ | {"PYTHONPATH": paths, "TMPDIR": str(tmp_path)}
    with started(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
    ) as program:
        worker = int(program.stdout.readline())
        assert is_running(worker)
        assert list(tmp_path.glob("livecam-results-*"))
        program.send_signal(how)
        program.wait(60)
        eventually(lambda: not is_running(worker))
    assert not list(tmp_path.glob("livecam-results-*"))
