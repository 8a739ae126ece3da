"""The daisy as a source: what it leaves behind when one leaves."""

import subprocess
import sys
import threading
from typing import Any

import pytest

from livecam.sources.synthetic import source
from livecam.sources.synthetic.source import SyntheticSource
from livecam.core.types import Waiting


class _LeftError(Exception):
    """Somebody pressed q."""


def threads_at_work() -> list[str]:
    """Those that would be inside OpenCV while the program ends."""
    return [thread.name for thread in threading.enumerate() if thread.name == "livecam-opening"]


def test_no_thread_is_left_after_the_scene_is_closed() -> None:
    """However early that is."""
    with SyntheticSource(size_px=(64, 48)) as daisy:
        assert daisy.preview() is not None
    assert threads_at_work() == []


def test_no_thread_is_left_when_one_leaves_while_it_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The growing cannot be broken off, but it is waited for."""
    monkeypatch.setattr(source, "_POLL_S", 0.001)
    build_scene, left = source.build_scene, threading.Event()

    def grown(*given: Any) -> Any:
        assert left.wait(60)
        return build_scene(*given)

    def leave(_: Waiting) -> None:
        left.set()
        raise _LeftError

    monkeypatch.setattr(source, "build_scene", grown)

    daisy = SyntheticSource(size_px=(64, 48))
    daisy.on_progress(leave)
    with pytest.raises(_LeftError):
        daisy.__enter__()
    assert threads_at_work() == []


def test_a_program_that_ends_at_once_ends_well() -> None:
    """Python would stop a thread inside OpenCV, and C++ would abort."""
    program = (
        "from livecam.sources.synthetic.source import SyntheticSource\n"
        "with SyntheticSource(size_px=(64, 48)) as daisy:\n"
        "    next(iter(daisy))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")


def test_pictures_are_the_same_whether_all_directions_were_looked_along_or_not() -> None:
    """Looking ahead saves time and changes nothing."""
    early, late = (
        SyntheticSource(seed=2, size_px=(160, 120)),
        SyntheticSource(seed=2, size_px=(160, 120)),
    )
    with early, late:
        assert late._scene is not None
        late._scene.visibility.compute_all()
        for frame, other in zip(early, late, strict=False):
            assert frame.bgr.tobytes() == other.bgr.tobytes()
            early.drag(40, 3)
            late.drag(40, 3)
            if frame.index == 6:
                break
