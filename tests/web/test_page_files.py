"""Recordings and snapshots on the page, in a real browser: made, listed, played, deleted."""

import os
import re
import signal

import pytest
from support import eventually, probe
from web.browser import open_page, pixels, until
from web.page_actions import faults, press, open_dialog
from web.serving import QUIET, serving


def test_a_recording_made_from_the_page_plays_in_the_page_with_its_duration(page, served):
    press(page, "Record")
    eventually(lambda: page.text_content("#status") == "recording")
    eventually(lambda: (served.state()["recording"]["seconds"] or 0) >= 1.0)
    press(page, "Stop")
    page.get_by_role("button", name=re.compile("^Record")).wait_for()
    page.get_by_role("button", name=re.compile("Play recording")).first.click()
    until(page, "document.querySelector('#player video')?.readyState >= 2")
    video = "document.querySelector('#player video')"
    (name,) = [file.name for file in served.folder.glob("livecam_*.mp4")]
    made = probe(served.folder / name)
    assert page.evaluate(f"{video}.duration") == pytest.approx(made.duration_s, abs=0.05)
    assert made.duration_s >= 1.0
    assert made.duration_s == pytest.approx(made.frames / 30, abs=0.05)
    assert page.evaluate(f"[{video}.videoWidth, {video}.videoHeight]") == [320, 240]
    page.evaluate(f"{video}.pause(); {video}.currentTime = {made.duration_s / 2}")
    until(page, f"!{video}.seeking && {video}.readyState >= 2")
    assert pixels(page, "#player video").std() > 10
    assert faults(page) == []
    page.evaluate(f"{video}.currentTime = 0; {video}.play()")
    until(page, f"{video}.currentTime > 0.3")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Save recording")).first.click()
    assert download.value.suggested_filename == name
    assert download.value.path().read_bytes() == (served.folder / name).read_bytes()


def test_a_file_that_the_browser_cannot_play_is_reported(page, served):
    path = served.folder / "livecam_2024-05-06_07-08-09.mkv"
    path.write_bytes(b"no video")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    page.reload(wait_until="domcontentloaded")
    row = page.locator("#files li").filter(has=page.locator(f"[title='{path.name}']"))
    row.get_by_role("button", name="Play").click()
    page.get_by_text(f"This browser cannot play {path.name}").wait_for()
    path.unlink()


def test_two_users_who_press_record_at_once_both_record(browser, page, served):
    """Neither page knows yet of the other: one that did would stop the recording by this button."""
    with open_page(browser, served.url) as other:
        served.process.send_signal(signal.SIGSTOP)
        try:
            press(page, "Record")
            press(other, "Record")
        finally:
            served.process.send_signal(signal.SIGCONT)
        eventually(lambda: page.text_content("#status") == "recording")
        eventually(lambda: other.text_content("#status") == "recording")
        press(other, "Stop")
        eventually(lambda: page.text_content("#status") == "live")


def test_a_snapshot_is_listed_and_shown(page, served):
    press(page, "Snapshot")
    page.get_by_role("button", name=re.compile("View snapshot")).first.click()
    until(page, "document.querySelector('#player img')?.naturalWidth === 320")


def test_a_file_has_name_length_and_size_and_is_deleted_when_the_user_agrees(browser, tmp_path):
    with serving(tmp_path, *QUIET, "--record-stats") as program:
        program.request("POST", "/api/recording", {"recording": True})
        eventually(lambda: (program.state()["recording"]["seconds"] or 0) >= 1.0)
        program.request("POST", "/api/recording", {"recording": False})
        (path,) = eventually(
            lambda: [p for p in tmp_path.glob("livecam_*.mp4") if p.stat().st_size]
        )
        other = tmp_path / "holiday.mp4"
        other.write_bytes(b"private")
        with open_page(browser, program.url) as page:
            row = page.locator("#files li")
            eventually(lambda: re.search(r"recording, 0:0[1-9], [\d.]+ [kM]B", row.inner_text()))
            assert path.name in row.inner_text()
            row.get_by_role("button", name="Delete").click()
            eventually(lambda: open_dialog(page) == "confirm")
            figures = path.with_suffix(".jsonl")
            assert figures.exists()
            assert f"{path.name} and {figures.name} (its figures)" in page.text_content(
                "#confirm-words"
            )
            assert faults(page) == []
            page.locator("#confirm").get_by_role("button", name="Cancel").click()
            eventually(lambda: open_dialog(page) is None)
            assert path.exists()
            row.get_by_role("button", name="Delete").click()
            page.locator("#confirm").get_by_role("button", name="Delete").click()
            eventually(lambda: not path.exists() and not figures.exists())
            page.get_by_text("None yet.").wait_for()
        assert other.exists()


def test_the_file_that_is_being_recorded_is_neither_listed_nor_deleted(browser, tmp_path):
    with serving(tmp_path, *QUIET, "--record", "running.mp4") as program:
        eventually(lambda: (program.state()["recording"]["seconds"] or 0) > 0.5)
        assert program.get("/api/recordings").json == []
        for guess in ("running.mp4", str(tmp_path / "running.mp4")):
            assert program.request("DELETE", f"/api/recordings/{guess}").status == 404
        program.stop()
        assert probe(tmp_path / "running.mp4").frames > 0
