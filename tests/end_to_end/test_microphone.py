"""A real microphone of PulseAudio, which hears what is played: clicks beside flashes."""

import http.server
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import wave
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from statistics import median

import cv2
import numpy as np
import pytest
from sinks.recording.live_sound import clicks_s, flashes_s
from sinks.recording.recordings import readable_times_s
from support import eventually, livecam, probe, program_env, textured

NO_FILE = ["--use-pid-file=no"]
NEEDED = ("pulseaudio", "pactl")
DARK = [cv2.imencode(".jpg", textured(320, 240, seed) // 5)[1].tobytes() for seed in range(9)]
WHITE = [
    cv2.imencode(".jpg", 255 - textured(320, 240, seed) // 5)[1].tobytes() for seed in range(9)
]
FLAGS = ["--model", "flowers", "--no-window", "--no-overlay", "--no-record-figures", "--microphone"]

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="PulseAudio of Linux"),
    pytest.mark.skipif(
        any(shutil.which(program) is None for program in NEEDED), reason="PulseAudio is missing"
    ),
    pytest.mark.skipif(find_spec("sounddevice") is None, reason="sounddevice is missing"),
]


@pytest.fixture(scope="module")
def pulse_env():
    """What a program needs to find a PulseAudio without a sound card, with a click to be played."""
    with tempfile.TemporaryDirectory(prefix="pulse") as folder:  # a path of a socket must be short
        click = Path(folder, "click.wav")
        with wave.open(str(click), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(48_000)
            times_s = np.arange(2_400) / 48_000
            tone = 20_000 * np.sin(2_000 * np.pi * times_s) * np.exp(-40 * times_s)
            file.writeframes(tone.astype(np.int16).tobytes())
        places = ("XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "HOME")  # it writes a cookie
        env = {"PULSE_SERVER": f"unix:{folder}/socket", **dict.fromkeys(places, folder)}
        modules = [
            f"module-native-protocol-unix socket={folder}/socket auth-anonymous=1",
            "module-null-sink sink_name=speaker rate=48000 channels=2",
            "module-remap-source master=speaker.monitor source_name=microphone",
        ]
        loaded = [word for module in modules for word in ("-L", module)]
        daemon = subprocess.Popen(
            [
                "pulseaudio",
                "-n",
                "--daemonize=no",
                "--exit-idle-time=-1",
                "--use-pid-file=no",
                *loaded,
            ],
            env={**os.environ, **env},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            eventually(lambda: pactl(env, "set-default-source", "microphone"))
            pactl(env, "upload-sample", click, "click")
            if "default" not in livecam("microphones", cwd=Path(folder), env=env).stdout:
                pytest.skip("PortAudio or ALSA's plugin of PulseAudio is missing")
            yield env
        finally:
            daemon.kill()
            daemon.wait()


def pactl(env, *words):
    done = subprocess.run(
        ["pactl", *map(str, words)], env={**os.environ, **env}, capture_output=True, check=False
    )
    return done.returncode == 0


@pytest.fixture
def flashing_camera(pulse_env):
    """The address of a camera: two white pictures a second, with a click at the first."""

    class Camera(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace;boundary=frame")
            self.end_headers()
            began_s = time.perf_counter()
            for number in count():
                time.sleep(max(0.0, began_s + number / 30 - time.perf_counter()))
                if number % 30 == 0:
                    words = (pulse_env, "play-sample", "click", "speaker")
                    threading.Thread(target=pactl, args=words).start()
                data = (WHITE if number % 30 < 2 else DARK)[number % 9]
                head = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n"
                try:
                    self.wfile.write(head % len(data) + data + b"\r\n")
                except OSError:
                    return

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Camera) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def assert_in_step(path):
    """A busy machine plays a click late now and then, and drops a picture: most must fit."""
    clicks, flashes = np.array(clicks_s(path)), flashes_s(path)
    assert len(flashes) >= 3
    distances_s = [abs(clicks - flash).min() for flash in flashes[1:]]
    assert median(distances_s) < 0.08, (clicks, flashes)


def test_clicks_are_heard_when_flashes_are_seen(flashing_camera, pulse_env, tmp_path):
    flags = [*FLAGS, "--seconds", "7", "--record", "a.mp4", "--record-clean", "--split", "4s"]
    done = livecam(flashing_camera, *flags, cwd=tmp_path, env=pulse_env)
    assert done.returncode == 0, done.stderr
    assert "microphone: default, stereo" in done.stderr
    assert_in_step(tmp_path / "a.mp4")
    assert_in_step(tmp_path / "a_clean.mp4")
    assert len(clicks_s(tmp_path / "a_2.mp4")) >= 2


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_what_was_recorded_before_a_kill_has_its_sound(
    flashing_camera, pulse_env, tmp_path, suffix
):
    path = tmp_path / f"a{suffix}"
    program = subprocess.Popen(
        [sys.executable, "-m", "livecam", flashing_camera, *FLAGS, "--record", path],
        env=program_env(pulse_env),
        stderr=subprocess.DEVNULL,
    )
    try:
        eventually(lambda: path.exists() and max(readable_times_s(path), default=0) > 5)
    finally:
        program.kill()
        program.wait()
    assert_in_step(path)
    assert livecam("repair", path, cwd=tmp_path).returncode == 0
    repaired = path.with_stem("a_repaired")
    assert_in_step(repaired)
    assert probe(repaired).frames > 120
