"""A live source that dies for good: the program ends by itself, with everything closed."""

import re
import signal
import socket
import subprocess
import sys

import pytest
from programs import started
from sources.stream_server import serving
from support import WAIT_S, livecam, probe, program_env


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


@pytest.fixture
def nobody():
    """An address of RTSP whose port is taken, and on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"rtsp://anna:s3cret@127.0.0.1:{taken.getsockname()[1]}/x"


COMMANDS = pytest.mark.parametrize(
    "command",
    [["run", "--no-window", "--stats", "-"], ["watch", "--when", "daisy > 0.8"]],
    ids=["run", "watch"],
)


def waiting_line(address):
    shown = address.replace("anna:s3cret@", "")
    return f"livecam: {shown} does not open (connection refused); waiting for it"


@COMMANDS
def test_where_nobody_listens_for_rtsp_that_is_told_and_the_end_is_exit_code_3(
    nobody, tmp_path, command
):
    name, *flags = command
    run = livecam(
        name, nobody, *flags, "--model", "flowers", "--give-up", 1, cwd=tmp_path, timeout_s=120
    )
    assert run.returncode == 3, run.stderr
    lines = run.stderr.splitlines()
    assert waiting_line(nobody) in lines
    shown = nobody.replace("anna:s3cret@", "")
    assert any(
        re.match(rf"livecam: {shown} did not open in \d s \(connection", one) for one in lines
    )
    assert "s3cret" not in run.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
@COMMANDS
def test_a_sender_of_rtsp_that_is_not_there_is_waited_for_until_a_signal_ends_that(
    nobody, tmp_path, command
):
    name, *flags = command
    words = [sys.executable, "-m", "livecam", name, nobody, *flags, "--model", "flowers"]
    with started(words, cwd=tmp_path, env=program_env(), stderr=subprocess.PIPE) as program:
        for line in program.stderr:  # the first thing that is known
            if line.decode().strip() == waiting_line(nobody):
                break
        assert program.poll() is None
        program.send_signal(signal.SIGTERM)
        rest = program.stderr.read().decode()
        assert program.wait(WAIT_S) == 143
    assert "Traceback" not in rest
