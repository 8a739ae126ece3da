"""Names, titles and errors from outside: no terminal obeys them, and they end no program."""

import json
import os
import pty
import subprocess
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import av
import cv2
import pytest
from support import livecam_here, probe, program_env, records, textured

from livecam.core.labels import Labels
from livecam.sinks.recording.metadata import file_metadata

pytestmark = pytest.mark.skipif(os.name == "nt", reason="names are text there")

FLAGS = ["--model", "flowers", "--no-window"]
CLEAR_SCREEN = b"\x1b[2J\x1b]0;owned\x07"
NAMES = {
    "escape sequence": b"a" + CLEAR_SCREEN + b".png",
    "one byte control": "a\u009b2J.png".encode(),
    "no text": b"a\xff\xfe\xed\xa0\x80.png",
    "reversed": "a\u202egnp.png".encode(),
    "lines": b"a\nlivecam: all is well\r.png",
    "emoji": "a\U0001f33c\u200d\U0001f469\U0001f3fd\ufe0f.png".encode(),
    "long": b"a" * 240 + b".png",
}


@pytest.fixture(params=NAMES.values(), ids=NAMES)
def named(request, tmp_path):
    """A picture of that name; gives the name as Python has it."""
    name = os.fsdecode(request.param)
    cv2.imwrite(str(tmp_path / "plain.png"), textured(320, 240))
    (tmp_path / "plain.png").rename(tmp_path / name)
    return name


def check_is_harmless(text):
    assert not {"\x1b", "\x9b", "\x07", "\x00", "\r", "\u202e"} & set(text), ascii(text)
    assert all(line.startswith("livecam: ") for line in text.splitlines()), ascii(text)


def test_a_name_is_drawn_recorded_and_printed_harmlessly_and_exact_as_data(named, tmp_path):
    run = livecam_here(named, *FLAGS, "--frames", 1, "--stats", "a.jsonl", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    check_is_harmless(run.stderr)
    (record,) = records((tmp_path / "a.jsonl").read_text("utf-8"))
    assert Path(record["picture"]).name == named


def test_a_folder_of_such_pictures_is_recorded(tmp_path):
    for name in NAMES.values():
        cv2.imwrite(str(tmp_path / "plain.png"), textured(320, 240))
        (tmp_path / "plain.png").rename(tmp_path / os.fsdecode(name))
    run = livecam_here(".", *FLAGS, "--record", "a.mp4", "--stats", "a.csv", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    check_is_harmless(run.stderr)
    assert probe(tmp_path / "a.mp4").frames >= len(NAMES)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("command", ["run", "repair", "config"])
def test_an_error_that_repeats_a_name_is_one_harmless_line(name, command, tmp_path):
    text = os.fsdecode(name)
    arguments = {
        "run": [text, *FLAGS, "--stats", "-"],
        "repair": [text],
        "config": ["--config", text],
    }[command]
    run = livecam_here(*([command] if command != "run" else []), *arguments, cwd=tmp_path)
    assert run.returncode in (2, 3)
    assert len(run.stderr.splitlines()) == 1
    check_is_harmless(run.stderr)


@pytest.mark.parametrize("flag", ["--class", "--view", "--record", "--stats", "--act-max", "--x"])
def test_a_value_that_is_repeated_is_harmless(flag, tmp_path):
    hostile = os.fsdecode(CLEAR_SCREEN + b"\n\xff")
    arguments = [f"{flag}={hostile}"] if flag == "--x" else [flag, hostile]
    run = livecam_here("daisy", *FLAGS, *arguments, cwd=tmp_path)
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1
    check_is_harmless(run.stderr)


def test_a_terminal_gets_no_control_characters_but_the_programs_own(tmp_path):
    name = os.fsdecode(NAMES["escape sequence"])
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "livecam", name, *FLAGS, "--stats", "-"],
        cwd=tmp_path, env=program_env(), stderr=theirs, stdout=theirs,
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # the end of a terminal
        while part := os.read(ours, 4096):
            shown += part
    os.close(ours)
    assert process.wait(60) == 3
    assert CLEAR_SCREEN not in shown
    assert b"owned" in shown


def test_very_long_text_is_one_short_line(tmp_path):
    run = livecam_here("x" * 100_000, *FLAGS, "--stats", "-", cwd=tmp_path)
    assert run.returncode == 3
    assert len(run.stderr) < 8000


def test_the_settings_are_printed_so_that_they_are_read_back_and_steer_nothing(tmp_path):
    hostile = "a\x1b[2J\u202e\x7f\u009b.mp4"
    run = livecam_here("config", "--record", hostile, cwd=tmp_path)
    assert not {"\x1b", "\u202e", "\x7f", "\u009b"} & set(run.stdout)
    (tmp_path / "again.toml").write_text(run.stdout, "utf-8")
    again = livecam_here("config", "--config", "again.toml", cwd=tmp_path)
    assert json.loads(value_of("record", again.stdout)) == hostile


def value_of(name, printed):
    line = next(line for line in printed.splitlines() if line.startswith(f"{name} = "))
    return line.partition(" = ")[2].rpartition("  # ")[0].strip()


def test_the_metadata_of_a_recording_takes_any_label(tmp_path):
    label = "daisy\udce9\x1b[2J\0"
    metadata = file_metadata({"classes": [label]}, {"class": label}, datetime.now().astimezone())
    for name in ("a.mkv", "a.mp4"):
        path = tmp_path / name
        with av.open(str(path), "w") as container:
            stream = container.add_stream("libx264", rate=30)
            stream.width, stream.height = 32, 32
            container.metadata.update(metadata)
            picture = av.VideoFrame.from_ndarray(textured(32, 32), format="bgr24")
            container.mux([*stream.encode(picture), *stream.encode(None)])
        with av.open(str(path)) as container:
            found = {key.casefold(): value for key, value in container.metadata.items()}
        assert found["title"] == r"livecam: daisy\udce9\u001b[2J\u0000"
        assert json.loads(found["comment"])["class"] == label


def test_a_class_of_any_text_is_offered_harmlessly():
    labels = Labels((("da\x1b[2Jisy\udce9",), ("rose",)))
    assert labels.index_of("da\x1b[2Jisy\udce9") == 0
