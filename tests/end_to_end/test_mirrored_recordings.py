"""What of a run is mirrored, and what is the picture as the camera gave it."""

import av
import numpy as np
from support import livecam_here, records, write_clip


def test_with_mirror_the_untouched_twin_and_the_figures_are_the_cameras_own(toy, tmp_path):
    """Who mirrors looks into a mirror; places in the figures are places in the twin."""
    half = np.zeros((120, 160, 3), np.uint8)
    half[:, 80:] = 200
    clip = write_clip(tmp_path / "half.mp4", [half] * 5, [i / 10 for i in range(5)])
    figures = {}
    for name, flags in (("plain", []), ("turned", ["--mirror"])):
        run = livecam_here(
            clip, *toy, "--no-window", "--no-record-figures", "--opacity", "0", *flags,
            "--record", f"{name}.mp4", "--record-clean", "--stats", f"{name}.jsonl", cwd=tmp_path,
        )  # fmt: skip
        assert run.returncode == 0, run.stderr
        figures[name] = [
            (of["peak"], of["centre"], of["max"])
            for of in records((tmp_path / f"{name}.jsonl").read_text())
        ]
    assert figures["plain"] == figures["turned"]
    bright = {path.stem: is_brighter_at_the_right(path) for path in tmp_path.glob("*.mp4")}
    assert bright == {
        "half": True, "plain": True, "plain_clean": True, "turned": False, "turned_clean": True,
    }  # fmt: skip


def is_brighter_at_the_right(path):
    with av.open(str(path)) as container:
        pixels = next(container.decode(video=0)).to_ndarray(format="gray")
    return pixels[:, -20:].mean() > pixels[:, :20].mean()
