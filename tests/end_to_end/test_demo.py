"""What a newcomer sees: the demo and the models, offline, from an empty home."""

import json
import os
import re
import subprocess
import sys
from contextlib import suppress

import cv2
import pytest
from support import livecam, livecam_here, probe, program_env, textured


@pytest.fixture
def newcomer(tmp_path):
    """Nothing fetched, nothing cached, no network to speak of."""
    folders = {"HOME": "home", "KERAS_HOME": "home/.keras", "LIVECAM_CACHE": "home/cache"}
    nowhere = "http://127.0.0.1:9"
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), nowhere)
    return {name: str(tmp_path / folder) for name, folder in folders.items()} | proxies


def test_the_demo_leaves_a_clip_where_there_is_no_display(newcomer, tmp_path):
    run = livecam("demo", "--seconds", 1, cwd=tmp_path, env=newcomer)
    assert run.returncode == 0, run.stderr
    clip = probe(tmp_path / "livecam-demo.mp4")
    assert (clip.frames, clip.width, clip.height) == (30, 640, 480)
    assert clip.duration_s == pytest.approx(1.0, abs=0.01)
    assert str(tmp_path / "livecam-demo.mp4") in run.stderr
    assert run.stderr.count("livecam: next") == 2
    assert "MobileNet 0.5 flowers" in run.stderr
    assert "strongest daisy" in run.stderr
    # The cache stays empty: nothing had to be fetched or converted.
    assert not (tmp_path / "home" / "cache").exists()


def test_the_demo_s_clip_lasts_ten_seconds_by_itself(newcomer, tmp_path):
    # A slow scene has few frames: they are drawn as fast as they can be, not in ten seconds.
    run = livecam_here(
        "demo", "--scene-rate", 5, "--scene-size", "320x240", cwd=tmp_path, env=newcomer
    )
    assert run.returncode == 0, run.stderr
    clip = probe(tmp_path / "livecam-demo.mp4")
    assert clip.frames == 50
    assert clip.duration_s == pytest.approx(10.0, abs=0.05)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals like these")
def test_a_progress_bar_counts_the_frames_in_a_terminal(newcomer, tmp_path):
    command = [sys.executable, "-m", "livecam", "demo", "--frames", "12", "--no-window"]
    env = program_env(newcomer | {"TERM": "xterm", "COLUMNS": "100"})
    ours, theirs = os.openpty()
    with subprocess.Popen(command, cwd=tmp_path, env=env, stderr=theirs, stdout=theirs) as program:
        os.close(theirs)
        printed = said_to_a_terminal(ours)
    assert program.returncode == 0, printed
    assert "12/12" in printed
    assert "FPS" in printed
    assert "\x1b[" in printed  # a bar that is drawn over and over
    assert "livecam-demo.mp4" in printed


def said_to_a_terminal(terminal):
    """Everything until the program closes its end, which Linux reports as an error."""
    parts = []
    with suppress(OSError):
        while part := os.read(terminal, 4096):
            parts.append(part)
    os.close(terminal)
    return b"".join(parts).decode()


def test_a_second_demo_overwrites_nothing(newcomer, tmp_path):
    for _ in range(2):
        livecam_here("demo", "--frames", 2, "--no-window", cwd=tmp_path, env=newcomer)
    assert {p.name for p in tmp_path.glob("*.mp4")} == {"livecam-demo.mp4", "livecam-demo_2.mp4"}


def test_the_demo_sees_a_daisy(newcomer, tmp_path):
    flags = ["--frames", 20, "--no-window", "--stats", "-"]
    run = livecam_here("demo", *flags, cwd=tmp_path, env=newcomer)
    figures = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(figures) == 20
    assert sum(f["probability"] > 0.5 for f in figures) >= 19


def test_without_a_network_imagenet_says_how_to_go_on(newcomer, tmp_path):
    cv2.imwrite(str(tmp_path / "photo.png"), textured(64, 48))
    run = livecam("photo.png", "--no-window", "--stats", "-", cwd=tmp_path, env=newcomer)
    assert run.returncode == 6
    assert "Traceback" not in run.stderr
    last = run.stderr.strip().splitlines()[-1]
    assert "--model flowers" in last
    assert "livecam demo" in last


def test_models_are_listed_with_what_is_ready(newcomer, tmp_path):
    run = livecam_here("models", cwd=tmp_path, env=newcomer | {"COLUMNS": "200"})
    assert run.returncode == 0
    (flowers,) = [line for line in run.stdout.splitlines() if "MIT (livecam)" in line]
    assert re.search(r"yes", flowers)
    assert sum("not fetched" in line for line in run.stdout.splitlines()) == 4
    assert "daisy, dandelion, rose, sunflower, tulip, other" in run.stdout
    folder = tmp_path / "home" / ".keras" / "models"
    assert f"weights of imagenet 0.25: {folder / 'mobilenet_2_5_224_tf.h5'}" in run.stdout
    hint = run.stderr.strip().splitlines()[-1]
    assert hint.endswith("livecam models fetch imagenet --alpha 1.0")


def test_a_damaged_file_is_not_ready(newcomer, tmp_path):
    folder = tmp_path / "home" / ".keras" / "models"
    folder.mkdir(parents=True)
    (folder / "mobilenet_5_0_224_tf.h5").write_bytes(b"junk")
    run = livecam_here("models", cwd=tmp_path, env=newcomer | {"COLUMNS": "200"})
    (row,) = [line for line in run.stdout.splitlines() if re.search(r"imagenet +\S 0\.5 ", line)]
    assert "damaged" in row
    assert "yes" not in row
    assert f"{folder / 'mobilenet_5_0_224_tf.h5'} (damaged)" in run.stdout


def test_models_that_are_there_are_ready(real_env, tmp_path):
    run = livecam_here("models", cwd=tmp_path, env=real_env | {"COLUMNS": "200"})
    (ready,) = [line for line in run.stdout.splitlines() if " 0.75 " in line]
    assert "yes" in ready
    run = livecam("models", "fetch", "imagenet", "--alpha", "0.75", cwd=tmp_path, env=real_env)
    assert run.returncode == 0, run.stderr
    assert "ready to be used offline" in run.stderr
    assert "as requested" not in run.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["models", "fetch", "orchids"],
        ["models", "fetch", "imagenet", "--alpha", "0.3"],
        ["models", "--frames", "3"],
        ["daisy", "--model", "flowers", "--class", "bee", "--no-window", "--stats", "-"],
        ["daisy", "--model", "flowers", "--alpha", "0.75", "--no-window", "--stats", "-"],
        ["daisy", "--scene-size", "huge", "--no-window", "--stats", "-"],
    ],
)
def test_mistakes_are_one_line(newcomer, tmp_path, arguments):
    run = livecam_here(*arguments, cwd=tmp_path, env=newcomer)
    assert run.returncode == 2
    assert len(run.stderr.strip().splitlines()) == 1, run.stderr
