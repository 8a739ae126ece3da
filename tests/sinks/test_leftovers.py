"""What killed runs left behind: found at the next start and by repair, told, never in the way."""

import subprocess
import sys
import time

import pytest
from support import livecam_here, probe, program_env, textured, write_clip

from livecam.sinks.leftovers import remove_leftovers
from livecam.sinks.output_locks import lock_output, lock_path
from livecam.sinks.recording.remux import remux_in_place

FLOWERS = ["daisy", "--model", "flowers", "--no-window", "--scene-size", "320x240"]
LEFT = [".a.mp4.0123abcd.livecam-part", ".b.MKV.0123abce.livecam-part"]
OTHERS = [
    "a.mp4",
    "a.part",
    ".a.txt.0123abcd.livecam-part",
    ".a.mp4.livecam-part",
    ".a.mp4.0123ABCD.livecam-part~",
    ".new",
    ".holiday.mp4.1234567.part",
    ".holiday.mkv.deadbeef.part",
]


def fill(folder, names):
    for name in names:
        (folder / name).write_text(name)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_parts_of_killed_runs_are_removed_and_told_and_nothing_else(tmp_path):
    fill(tmp_path, LEFT + OTHERS)
    line = remove_leftovers(tmp_path)
    assert line == f"removed what a killed run left in {tmp_path}: {', '.join(sorted(LEFT))}"
    assert names(tmp_path) == sorted(OTHERS)
    assert remove_leftovers(tmp_path) == ""


def test_many_are_told_in_one_line(tmp_path):
    fill(tmp_path, [f".a.mp4.{number:08x}.livecam-part" for number in range(9)])
    assert remove_leftovers(tmp_path).endswith("00000002.livecam-part and 6 files more")
    assert names(tmp_path) == []


def test_the_part_of_a_recording_that_is_being_written_is_left_alone(tmp_path):
    fill(tmp_path, LEFT)
    lock = lock_output(tmp_path / "a.mp4")
    assert LEFT[0] not in remove_leftovers(tmp_path)
    assert (tmp_path / LEFT[0]).exists()
    lock.release()
    assert LEFT[0] in remove_leftovers(tmp_path)


def test_nobody_waits_for_the_lock_of_a_run_that_goes_on(tmp_path, monkeypatch):
    fill(tmp_path, LEFT[:1])
    lock = lock_output(tmp_path / "a.mp4")  # each run finds its own locks there, too

    def no_wait(seconds):
        pytest.fail(f"waited {seconds} s")

    monkeypatch.setattr(time, "sleep", no_wait)
    assert remove_leftovers(tmp_path) == ""
    assert lock_path(tmp_path / "a.mp4").exists()
    lock.release()


def test_without_locks_of_the_file_system_only_old_parts_go(tmp_path, monkeypatch):
    def no_locks(*_):
        raise OSError(37, "No locks available")

    monkeypatch.setattr("fcntl.flock", no_locks)
    fill(tmp_path, LEFT)
    assert remove_leftovers(tmp_path) == ""
    assert LEFT[0] in remove_leftovers(tmp_path, now=lambda: time.time() + 2 * 24 * 3600)


def test_links_and_folders_of_such_names_are_left_alone(tmp_path):
    (tmp_path / "precious").write_text("mine")
    (tmp_path / LEFT[0]).symlink_to(tmp_path / "precious")
    (tmp_path / LEFT[1]).mkdir()
    assert remove_leftovers(tmp_path) == ""
    assert names(tmp_path) == sorted([*LEFT, "precious"])


def test_locks_of_killed_runs_go_in_silence_those_of_others_stay(tmp_path):
    lock_path(tmp_path / "killed.mp4").touch()
    lock = lock_output(tmp_path / "running.mp4")
    assert remove_leftovers(tmp_path) == ""
    assert names(tmp_path) == [lock_path(tmp_path / "running.mp4").name]
    lock.release()


def test_a_file_with_content_is_no_lock(tmp_path):
    lock_path(tmp_path / "notes.txt").write_text("mine")
    assert remove_leftovers(tmp_path) == ""
    assert lock_path(tmp_path / "notes.txt").read_text() == "mine"


def test_a_folder_that_is_missing_has_no_leftovers(tmp_path):
    assert remove_leftovers(tmp_path / "missing") == ""


def test_the_next_start_and_repair_find_them(tmp_path):
    recordings, snapshots = tmp_path / "recordings", tmp_path / "snapshots"
    for folder in (recordings, snapshots):
        folder.mkdir()
        fill(folder, LEFT[:1])
    words = ["--record", "recordings/r.mp4", "--snapshots", "snapshots", "--frames", 3]
    done = livecam_here(*FLOWERS, *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("removed what a killed run left in") == 2
    assert (names(recordings), names(snapshots)) == (["r.mp4"], [])
    fill(recordings, LEFT[:1])
    done = livecam_here("repair", "recordings/r.mp4", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"removed what a killed run left in {recordings}: {LEFT[0]}" in done.stderr
    assert LEFT[0] not in names(recordings)


REMUX = """
import sys
from pathlib import Path
from livecam.sinks.output_locks import lock_output
from livecam.sinks.recording import remux
path = Path(sys.argv[1])
lock = lock_output(path)
def stall(*_):
    print("copying", flush=True)
    sys.stdin.read()
remux._copy_packets = stall
remux.remux_in_place(path, 5, {})
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is for the others")
def test_a_run_killed_while_it_copies_leaves_a_part_that_the_next_one_finds(tmp_path):
    clip = write_clip(tmp_path / "a.mp4", [textured(64, 48)] * 5, [i / 30 for i in range(5)])
    killed = subprocess.Popen(
        [sys.executable, "-c", REMUX, str(clip)], env=program_env(),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert killed.stdout.readline() == "copying\n"
    assert remove_leftovers(tmp_path) == ""  # it is still at work
    killed.kill()
    killed.communicate()
    assert len(names(tmp_path)) == 3
    assert ".livecam-part" in remove_leftovers(tmp_path)
    assert names(tmp_path) == ["a.mp4"]
    assert probe(clip).frames == 5


def test_a_copy_follows_no_link_that_somebody_laid(tmp_path, monkeypatch):
    """Who guesses the name finds the copy refused, and the recording as it was."""
    clip = write_clip(tmp_path / "a.mp4", [textured(64, 48)] * 5, [i / 30 for i in range(5)])
    before = clip.read_bytes()
    (tmp_path / "precious").write_text("mine")
    monkeypatch.setattr("secrets.token_hex", lambda _: "0123abcd")
    (tmp_path / LEFT[0]).symlink_to(tmp_path / "precious")
    assert not remux_in_place(clip, 5, {})
    assert clip.read_bytes() == before
    assert (tmp_path / "precious").read_text() == "mine"


def test_a_copy_goes_into_the_file_that_was_opened_whatever_is_laid_there_meanwhile(
    tmp_path, monkeypatch
):
    from livecam.sinks.recording import remux

    clip = write_clip(tmp_path / "a.mp4", [textured(64, 48)] * 5, [i / 30 for i in range(5)])
    (tmp_path / "precious").write_text("mine")
    copy = remux._copy_packets

    def swap_then_copy(*arguments):
        (part,) = tmp_path.glob(".*.livecam-part")
        part.unlink()
        part.symlink_to(tmp_path / "precious")
        return copy(*arguments)

    monkeypatch.setattr(remux, "_copy_packets", swap_then_copy)
    assert not remux_in_place(clip, 5, {})
    assert (tmp_path / "precious").read_text() == "mine"
    assert not clip.is_symlink()
    assert probe(clip).frames == 5


def test_the_name_of_a_copy_cannot_be_guessed(tmp_path):
    from livecam.sinks.recording.part_file import PartFile

    assert len({PartFile(tmp_path / "a.mp4").path for _ in range(9)}) == 9
