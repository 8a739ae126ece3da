"""The link as a QR code: telephones read it; it is shown on a terminal only."""

import os
import re
import subprocess
import sys
from contextlib import suppress

import cv2
import numpy as np
import pytest
from built_daisy import with_built_daisy
from support import MAIN, program_env

from livecam.cli.qr_code import QUIET_ZONE, qr_code_lines

LINK = "http://192.168.178.123:8765/#token=An_example-of-a.token~of32letter"
UPPER, LOWER = " \u2584", " \u2580"  # characters whose upper, lower half is white


def picture_of(lines, *, is_inverted=False):
    """What a camera sees of the terminal: the letters black on white, or the other way round."""
    rows = []
    for line in lines:
        rows += [
            [0 if c not in UPPER else 255 for c in line],
            [0 if c not in LOWER else 255 for c in line],
        ]
    picture = np.array(rows, np.uint8)
    return cv2.resize(
        255 - picture if is_inverted else picture, None, fx=8, fy=8, interpolation=cv2.INTER_NEAREST
    )


@pytest.mark.parametrize("is_inverted", [False, True])
@pytest.mark.parametrize("link", [LINK, "http://[2001:db8::1]:8765/", "http://box.local:80/"])
def test_a_telephone_reads_the_link(link, is_inverted):
    picture = picture_of(qr_code_lines(link, is_inverted=is_inverted), is_inverted=is_inverted)
    assert cv2.QRCodeDetector().detectAndDecode(picture)[0] == link
    assert (picture[: 8 * QUIET_ZONE] == 255).all()


def test_it_fits_a_terminal_of_80_columns_and_24_lines():
    lines = qr_code_lines(LINK)
    assert len(lines) < 24
    assert {len(line) for line in lines} == {len(lines[0])}
    assert len(lines[0]) <= 80


def printed_on_a_terminal(folder, *arguments):
    """What a short `livecam serve` prints on a terminal of 80 columns."""
    pty = pytest.importorskip("pty")
    command = [
        sys.executable,
        "-c",
        with_built_daisy() + MAIN,
        "serve",
        "daisy",
        "--model",
        "flowers",
    ]
    command += ["--port", "0", "--frames", "3", *map(str, arguments)]
    ours, theirs = pty.openpty()
    environment = program_env() | {"TERM": "xterm-256color", "COLUMNS": "80"}
    program = subprocess.Popen(command, cwd=folder, env=environment, stderr=theirs)
    os.close(theirs)
    printed = b""
    with suppress(OSError):  # Linux' end of file of a terminal
        while piece := os.read(ours, 65536):
            printed += piece
    os.close(ours)
    assert program.wait(60) == 0
    return printed.decode()


ON_TERMINALS = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")


@ON_TERMINALS
def test_a_terminal_shows_the_link_with_its_token_where_others_may_open_the_page(tmp_path):
    path = tmp_path / "token"
    # Of some random tokens OpenCV finds no code, also in a perfect picture: 1 of 300.
    path.write_text("An_example-of-a.token~of32letter\n")
    path.chmod(0o600)
    printed = printed_on_a_terminal(tmp_path, "--host", "0.0.0.0", "--token-file", path)  # noqa: S104
    link = re.search(r"page is at (\S+)", printed)[1]
    assert link.endswith(f"#token={path.read_text().strip()}")
    black_on_white = re.findall(r"\x1b\[30;107m(.*?)\x1b\[0m", printed)
    assert cv2.QRCodeDetector().detectAndDecode(picture_of(black_on_white))[0] == link


@ON_TERMINALS
@pytest.mark.parametrize("arguments", [[], ["--host", "0.0.0.0", "--token", "x" * 16]])  # noqa: S104
def test_no_code_for_this_machine_alone_and_none_of_a_token_that_was_given(tmp_path, arguments):
    printed = printed_on_a_terminal(tmp_path, *arguments)
    assert "page is at" in printed
    assert "\u2580" not in printed
