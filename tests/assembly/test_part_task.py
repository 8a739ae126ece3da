"""A clip that another program writes while it is measured: a beginning of it, told, and again."""

from fractions import Fraction

import pytest
from made_clips import daisy_picture, other_picture

import av
from livecam.assembly import part_task
from livecam.assembly.batch_plan import part_key
from livecam.assembly.measure_options import MeasureOptions
from livecam.assembly.model_from_settings import choose_model
from livecam.assembly.packed_model import pack_model
from livecam.assembly.part_settings import part_settings
from livecam.assembly.part_task import PartTask, PartWorker
from livecam.core.archive.sources import BatchSource
from livecam.settings.schema import ModelSettings

RATE = 4
FRAGMENTED = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
PICTURES = {"d": daisy_picture, "-": other_picture}


class GrowingClip:
    """Written second by second, as other programs record; a key frame each second."""

    def __init__(self, path, options):
        self._container = av.open(str(path), "w", options={"flush_packets": "1", **options})
        self._stream = self._container.add_stream("libx264", rate=RATE)
        self._stream.height, self._stream.width = daisy_picture().shape[:2]
        self._stream.pix_fmt = "yuv420p"
        self._stream.options = {"g": str(RATE), "bf": "0", "tune": "zerolatency"}
        self._count = 0

    def write(self, seconds):
        for letter in seconds:
            for _ in range(RATE):
                frame = av.VideoFrame.from_ndarray(PICTURES[letter](), format="bgr24")
                frame.pts, frame.time_base = self._count, Fraction(1, RATE)
                self._count += 1
                self._container.mux(self._stream.encode(frame))

    def close(self):
        self._container.mux(self._stream.encode(None))
        self._container.close()


@pytest.fixture(scope="module")
def worker():
    packed = pack_model(choose_model(ModelSettings(model="flowers")), print)
    options = MeasureOptions(classes=(0,))
    return PartWorker(packed, part_settings(packed, options, grid=True), 1)


@pytest.mark.parametrize(("name", "options"), [("c.mkv", {}), ("c.ts", {}), ("c.mp4", FRAGMENTED)])
def test_a_clip_that_grows_is_measured_as_far_as_it_goes_and_told(
    worker, tmp_path, monkeypatch, name, options
):
    path, measured = tmp_path / name, []
    task = PartTask(part_key((str(path),), 0, "x"), (BatchSource(str(path)),))
    clip, measure = GrowingClip(path, options), part_task.measure_segment
    clip.write("d-dd-d")

    def measure_while_it_grows(*given):
        measured.append(measure(*given))
        clip.write("-d-")
        return measured[-1]

    with monkeypatch.context() as patched:
        patched.setattr(part_task, "measure_segment", measure_while_it_grows)
        first = worker(task).entry
    assert first.state == "done"
    assert first.rows >= 3
    assert f"{path} changed while it was measured" in first.problem
    clip.close()
    whole = worker(task).entry
    assert (whole.rows, whole.problem) == (9, "")
    assert not first.sources[0].is_unchanged(whole.sources[0])
    rows = measure(worker._model, path, None, worker._settings.options).rows
    for early, late in zip(measured[0].rows, rows, strict=False):
        assert (early.frame, early.time_s, early.seen) == (late.frame, late.time_s, late.seen)
        assert early.classes[0].grid.tobytes() == late.classes[0].grid.tobytes()
