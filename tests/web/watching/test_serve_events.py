"""`livecam serve FOLDER` and `livecam watch --serve` through the command line."""

import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from events_folder import event_at, write_events
from programs import started
from support import eventually, livecam_here, program_env
from web.browser import open_page, until
from web.serving import LivecamProcess, read_lines

GONE = ("Failed to load resource", "WebSocket connection")
"""What a browser says when the program has ended."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")


@contextmanager
def running(folder, *arguments):
    """A program with a page, in a process of its own."""
    command = [sys.executable, "-m", "livecam", *arguments, "--port", "0", "--no-token"]
    streams = {"stderr": subprocess.PIPE, "text": True}
    with started(command, cwd=folder, env=program_env(), **streams) as process:
        program = LivecamProcess(process, folder)
        with read_lines(process, program.stderr_lines):
            eventually(lambda: "page is at" in "".join(program.stderr_lines) or process.poll())
            assert process.poll() is None, program.stderr_lines
            yield program


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_folder_of_events_is_served_until_it_is_stopped(tmp_path, number, code):
    write_events(tmp_path / "garden", [event_at()])
    with running(tmp_path, "serve", "garden") as program:
        assert program.get("/healthz").json == {"status": "ok"}
        (event,) = program.get("/api/events").json["events"]
        assert program.get(f"/api/events/{event['event']}/clean").body[4:8] == b"ftyp"
        program.process.send_signal(number)
        assert program.process.wait(60) == code
    assert len(program.stderr_lines) == 1, program.stderr_lines


@pytest.mark.parametrize("flag", [["--model", "flowers"], ["--record", "x.mp4"], ["--window"]])
def test_flags_that_mean_nothing_there_are_refused(tmp_path, flag):
    write_events(tmp_path / "garden", [])
    run = livecam_here("serve", "garden", *flag, cwd=tmp_path)
    assert run.returncode == 2
    (line,) = run.stderr.strip().splitlines()
    assert f"{flag[0]} is no setting of livecam serve for a folder of events" in line


def test_a_folder_of_pictures_is_served_as_before(tmp_path):
    (tmp_path / "garden").mkdir()
    run = livecam_here("serve", "garden", "--model", "flowers", "--port", 0, cwd=tmp_path)
    assert run.returncode == 3
    assert "events" not in run.stderr


def test_a_watched_daisy_is_on_the_page_with_its_event(browser, tmp_path):
    arguments = ["watch", "daisy", "--model", "flowers", "--when", "daisy > 0.5", "--threads", "1"]
    arguments += ["--serve", "--scene-size", "320x240", "--max-length", "2"]
    with (
        running(tmp_path, *arguments) as program,
        open_page(browser, program.url, has_begun=False, expected_errors=GONE) as page,
    ):
        until(page, "document.querySelector('.tile img')?.naturalWidth === 320")
        eventually(lambda: "sees daisy" in page.locator(".tile").inner_text())
        eventually(lambda: program.get("/healthz").status == 200)
        over = "all => all.filter((e) => !e.ariaLabel.includes('goes on')).map((e) => e.ariaLabel)"
        name = eventually(lambda: page.locator(".event").evaluate_all(over))[-1]
        page.get_by_role("button", name=name).click()
        video = "document.querySelector('#event video')"
        until(page, f"{video}?.readyState >= 2 && {video}.duration > 1.5")
        program.process.send_signal(signal.SIGINT)
        assert program.process.wait(120) == 130
        page.get_by_text("livecam has ended.").wait_for()
    assert list(Path(tmp_path, "events").glob("*/*-daisy.mp4"))
