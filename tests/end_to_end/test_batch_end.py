"""`livecam batch` that is ended, or loses its workers: nothing is lost, and nothing is twice."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path

import cv2
import psutil
import pytest
from archive_workers import DyingWorker
from batch_runs import CONTENTS, FLOWERS, batch, seen_by_clip, table_of, write_clips
from made_clips import daisy_clip, daisy_picture
from programs import started
from support import ROOT, WAIT_S, eventually, program_env


@pytest.fixture
def clips(tmp_path) -> Path:
    return write_clips(tmp_path / "clips")


def test_clips_and_pictures_that_kill_their_worker_are_named_and_the_others_measured(
    clips, tmp_path, monkeypatch
):
    from livecam.assembly import batch_runner
    from livecam.execution import process_pool

    monkeypatch.setattr(process_pool, "TRIES_ALONE", 1)  # each costs a start of the pool
    monkeypatch.setattr(batch_runner, "partial", lambda *of: DyingWorker(partial(*of)))
    daisy_clip(clips / "poison.mp4", "d")
    for name in ("p1.png", "poison.png", "p2.png"):
        cv2.imwrite(str(clips / name), daisy_picture())
    run = batch(clips, cwd=tmp_path)
    assert run.returncode == 4
    assert "2 could not be measured" in run.stderr
    assert run.stderr.count("poison") == 2
    assert "died" in run.stderr
    assert seen_by_clip(table_of(tmp_path / "archive")) == CONTENTS | {"p1": "d", "p2": "d"}


COMMAND = (sys.executable, "-m", "livecam", "batch")


def many_clips(folder: Path, count: int) -> dict[str, str]:
    """So many clips of one to four seconds; what they show, by name."""
    folder.mkdir()
    patterns = ["d", "-", "-d", "dd-", "--d-"]
    made = {pattern: daisy_clip(folder.parent / f"{pattern}.mp4", pattern) for pattern in patterns}
    contents = {f"{n:04d}": patterns[n % len(patterns)] for n in range(count)}
    for name, pattern in contents.items():
        (folder / f"{name}.mp4").write_bytes(made[pattern].read_bytes())
    return contents


def lines_of(archive: Path) -> int:
    manifest = archive / "manifest.jsonl"
    return manifest.read_bytes().count(b"\n") if manifest.exists() else 0


def reaches(archive: Path, lines: int, program) -> bool:
    return lines_of(archive) >= lines or program.poll() is not None


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_nothing_is_lost_and_nothing_twice_whenever_the_program_ends(tmp_path, how):
    contents, archive = many_clips(tmp_path / "many", 60), tmp_path / "archive"
    command = [*COMMAND, tmp_path / "many", *FLOWERS, "--out", archive]
    environment = program_env({"PYTHONPATH": str(ROOT)})
    for lines in (1, 2, 20):  # the first says with which settings
        with started(command, env=environment, stderr=subprocess.PIPE, text=True) as program:
            eventually(partial(reaches, archive, lines, program))
            program.send_signal(how)
            assert program.wait(WAIT_S) == (130 if how == signal.SIGINT else -how)
    with started(command, env=environment, stderr=subprocess.PIPE, text=True) as program:
        _, said = program.communicate(timeout=WAIT_S)
    assert program.returncode == 0, said
    assert seen_by_clip(table_of(archive)) == contents


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="Windows sends no signal to a group")
@pytest.mark.parametrize("workers", [0, 1, 2])
def test_ctrl_c_while_the_workers_start_prints_no_traceback(clips, tmp_path, workers):
    """As a terminal sends it: to all processes, the moment that so many workers are there."""
    archive = tmp_path / "archive"
    command = [*COMMAND, clips, *FLOWERS, "--processes", 2, "--out", archive]
    environment = program_env({"PYTHONPATH": str(ROOT)})
    with started(
        command, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as program:
        begun = archive.exists if workers == 0 else partial(has_workers, program.pid, workers)
        eventually(begun)
        os.killpg(program.pid, signal.SIGINT)
        _, said = program.communicate(timeout=60)
    assert program.returncode == 130, said
    assert "Traceback" not in said
    assert all(line.startswith("livecam: ") for line in said.splitlines()), said
    run = batch(clips, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert seen_by_clip(table_of(archive)) == CONTENTS


def has_workers(program: int, count: int) -> bool:
    return len(workers_of(program)) >= count


def test_nothing_is_lost_and_nothing_twice_where_workers_are_killed(tmp_path):
    contents, archive = many_clips(tmp_path / "many", 60), tmp_path / "archive"
    command = [*COMMAND, tmp_path / "many", *FLOWERS, "--out", archive]
    environment = program_env({"PYTHONPATH": str(ROOT)})
    with started(command, env=environment, stderr=subprocess.PIPE, text=True) as program:
        eventually(partial(workers_of, program.pid))[0].kill()
        for lines in (2, 20):
            eventually(partial(reaches, archive, lines, program))
            for worker in workers_of(program.pid)[:1]:  # none where it was that fast
                worker.kill()
        _, said = program.communicate(timeout=WAIT_S)
    assert program.returncode == 0, said
    assert "a worker was lost" in said
    assert seen_by_clip(table_of(archive)) == contents


def workers_of(program: int) -> list[psutil.Process]:
    """The processes of its pool; none once it has ended."""
    found: list[psutil.Process] = []
    with suppress(psutil.NoSuchProcess):
        children = psutil.Process(program).children()
        found = [child for child in children if "spawn_main" in " ".join(child.cmdline())]
    return found
