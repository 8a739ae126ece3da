"""A live source that dies for good: the program ends by itself, with everything closed."""

import re
import subprocess
import sys

from sources.stream_server import serving
from support import livecam, probe, program_env


def test_giving_up_ends_the_program_with_exit_code_4_and_a_whole_recording(tmp_path):
    with serving({}) as host:
        address = f"http://anna:s3cret@{host}/live"
        command = [sys.executable, "-m", "livecam", address, "--no-window", "--model", "flowers"]
        command += ["--stats", "-", "--record", "a.mp4", "--give-up", "1"]
        program = subprocess.Popen(
            command, cwd=tmp_path, env=program_env(), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        for _ in range(5):
            assert program.stdout.readline()
    printed, told = program.communicate(timeout=120)
    assert program.returncode == 4, told
    lines = told.strip().splitlines()
    assert all(line.startswith("livecam: ") for line in lines)
    assert f"http://{host}/live " in lines[-1]
    assert "check the sender and the network" in lines[-1]
    assert "s3cret" not in told + printed
    assert probe(tmp_path / "a.mp4").frames >= 5


def test_a_camera_that_is_not_there_is_waited_for_as_long_as_asked(tmp_path):
    run = livecam(
        "63", "--no-window", "--model", "flowers", "--stats", "-", "--give-up", 1, cwd=tmp_path
    )
    assert run.returncode == 3
    waits, refused = run.stderr.strip().splitlines()
    assert re.fullmatch(r"livecam: camera 63 does not open \(.+\); waiting for it", waits)
    assert re.match(r"livecam: camera 63 did not open in \d+ s: ", refused)
    assert "livecam demo" in refused


def test_giving_up_counts_for_the_first_opening_too(tmp_path):
    """A sender that never answers; what takes long is told where there is no window."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as deaf:
        address = f"http://127.0.0.1:{deaf.getsockname()[1]}/x"
        command = [sys.executable, "-m", "livecam", address, "--no-window", "--model", "flowers"]
        command += ["--stats", "-", "--give-up", "1"]
        run = subprocess.run(
            command, cwd=tmp_path, env=program_env(), text=True, capture_output=True, timeout=120,
            check=False,
        )  # fmt: skip
    assert run.returncode == 3
    *opening, refused = run.stderr.strip().splitlines()
    found = re.match(rf"livecam: {re.escape(address)} did not open in (\d+) s: ", refused)
    assert int(found[1]) >= 5
    # A machine that stood still for seconds may have nothing to tell in between.
    assert opening == [f"livecam: opening {address} ..."] or int(found[1]) > 5
