"""What is recorded and saved while the screen is full of text: pixel for pixel as without it."""

import sys
from contextlib import closing

import av
import cv2
import numpy as np
import pytest
from end_to_end.desktop import missing_programs
from support import eventually, livecam_here, textured, write_clip

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="Xvfb is for Linux"),
    pytest.mark.skipif(
        bool(missing_programs()), reason=f"not installed: {', '.join(missing_programs())}"
    ),
]

FRAMES, RATE = 80, 10
RATE_ROWS = slice(89, 113)
"""Where the figures of a picture of 640 x 480 say the rate: it is not the same twice."""


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    """Eight seconds of other pictures, one after the other."""
    pictures = [textured(640, 480, number // 5) for number in range(FRAMES)]
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    return write_clip(path, pictures, [number / RATE for number in range(FRAMES)])


def pictures_of(path, *, with_rate):
    with closing(av.open(str(path))) as container:
        for frame in container.decode(video=0):
            picture = frame.to_ndarray(format="bgr24")
            if with_rate:
                picture[RATE_ROWS, :200] = 0
            yield picture


@pytest.mark.parametrize(
    ("asked", "with_rate"), [([], True), (["--no-record-figures", "--record-top"], False)]
)
def test_a_recording_is_the_same_with_and_without_everything_on_the_screen(
    asked, with_rate, desktop, start, clip, toy_weights, tmp_path
):
    recording = ["--codec", "ffv1", "--frames", FRAMES, *asked]
    program = start(
        clip, "--record", "window.mkv", "--top-five", "--keys", "--snapshots", "shots", *recording
    )
    eventually(lambda: desktop.picture().std() > 10)
    for key in ("h", "f", "s", "t", "d", "d", "h", "h", "f", "shift+s"):
        desktop.press(key)
    _, talk = program.communicate(timeout=120)
    assert program.returncode == 0, talk
    weights = ["--alpha", "0.25", "--weights", toy_weights, "--threads", "1"]
    run = livecam_here(
        clip, "--no-window", "--record", "plain.mkv", *recording, *weights, cwd=tmp_path
    )
    assert run.returncode == 0, run.stderr
    named = [pictures_of(tmp_path / f"{n}.mkv", with_rate=with_rate) for n in ("window", "plain")]
    pairs = list(zip(*named, strict=True))
    assert len(pairs) == FRAMES
    differing = [n for n, (one, other) in enumerate(pairs) if (one != other).any()]
    assert not differing
    (snapshot,) = [p for p in (tmp_path / "shots").glob("*.png") if "clean" not in p.stem]
    saved = cv2.imread(str(snapshot))
    if with_rate:
        saved[RATE_ROWS, :200] = 0
    assert any((saved == plain).all() for _, plain in pairs)
    assert np.ptp(saved) > 0
