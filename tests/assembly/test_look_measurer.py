"""Rows of frames: some views, then the network on all of them, then the figures; the same bits."""

import weakref
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest

from livecam.assembly import measure_segment
from livecam.assembly.look_measurer import LookMeasurer
from livecam.assembly.measure_options import MeasureOptions
from livecam.assembly.model_from_settings import choose_model
from livecam.assembly.open_model import OpenedModel
from livecam.assembly.packed_model import pack_model
from livecam.core.archive.frame_part import FramePart
from livecam.core.class_figures import class_figures_of
from livecam.core.crop import network_view
from livecam.core.network_size import Look
from livecam.core.types import Frame
from livecam.errors import SourceLostError
from livecam.pipeline.class_maps import SeenArea, class_map_of
from livecam.pipeline.turned_inference import TurnedInference
from livecam.settings.schema import MapSettings, ModelSettings

WIDTH, HEIGHT = 320, 240
CLASSES = (0, 2)
TAKEN_AT = datetime(2026, 7, 1, 6, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def model():
    return pack_model(choose_model(ModelSettings(model="flowers")), print).open(1)


def frames(count):
    random = np.random.default_rng(7)
    shape = (HEIGHT, WIDTH, 3)
    return [
        Frame(random.integers(0, 256, shape, np.uint8), n, n / 10, taken_at=TAKEN_AT)
        for n in range(count)
    ]


def measurer(model, **of_map):
    return LookMeasurer(model, MeasureOptions(CLASSES, MapSettings(**of_map)))


def rows_of(looks, shown, source=0):
    parts = (FramePart.of(frame, looks.look.box_in) for frame in shown)
    return list(looks.rows_of(parts, source))


def figures_of_a_run(model, frame, chosen):
    """As the live program computes them, frame by frame."""
    look = Look.of(chosen.area, chosen.detail, chosen.place)
    box = look.box_in(WIDTH, HEIGHT)
    rgb = network_view(frame.bgr, box, look.network_size_px(WIDTH, HEIGHT, model.input_size))
    output = (TurnedInference(model.infer).infer if look.is_exact else model.infer)(rgb)
    seen = SeenArea(box, chosen.area, chosen.place)
    return [
        class_figures_of(class_map_of(model, output, index, seen), model.labels[index], chosen.area)
        for index in CLASSES
    ]


@pytest.mark.parametrize(
    "chosen", [{}, {"area": "frame"}, {"area": "frame", "detail": 2}, {"place": "exact"}]
)
def test_rows_are_to_the_bit_those_of_each_frame_alone(model, chosen):
    shown = frames(19)
    rows = rows_of(measurer(model, **chosen), shown, source=3)
    assert [row.frame for row in rows] == list(range(19))
    for row, frame in zip(rows, shown, strict=True):
        about = (row.source, row.time_s, row.at, row.width, row.height)
        assert about == (3, round(frame.time_s, 6), TAKEN_AT, WIDTH, HEIGHT)
        for ours, other in zip(
            row.classes, figures_of_a_run(model, frame, MapSettings(**chosen)), strict=True
        ):
            assert ours.grid.tobytes() == other.grid.tobytes()
            for name in ("class_name", "maximum", "mean", "logit", "probability", "centre"):
                assert getattr(ours, name) == getattr(other, name)


class CountedWork:
    """Who worked, in order: the source of frames, the network, the classifier."""

    def __init__(self, model, monkeypatch):
        self.order = []
        output_of = OpenedModel.output_of

        def counted(given, features):
            self.order.append("classifier")
            return output_of(given, features)

        monkeypatch.setattr(OpenedModel, "output_of", counted)
        self.model = replace(model, runtime=self)
        self._runtime = model.runtime

    def infer(self, rgb):
        self.order.append("network")
        return self._runtime.infer(rgb)

    def given(self, shown):
        for frame in shown:
            self.order.append("source")
            yield frame

    @property
    def turns(self):
        return [(who, len(list(times))) for who, times in groupby(self.order)]


def test_source_network_and_classifier_take_turns(model, monkeypatch):
    work = CountedWork(model, monkeypatch)
    rows_of(measurer(work.model), work.given(frames(20)))
    who = ("source", "network", "classifier")
    assert work.turns == [*((one, 16) for one in who), *((one, 4) for one in who)]


def test_of_larger_views_fewer_are_made_together(model, monkeypatch):
    work = CountedWork(model, monkeypatch)
    rows_of(measurer(work.model, area="frame", detail=3), work.given(frames(2)))
    assert work.turns == [("source", 1), ("network", 1), ("classifier", 1)] * 2


def test_pixels_of_frames_are_not_kept(model):
    alive = []

    def given():
        for frame in frames(1) * 5:
            copy = replace(frame, bgr=frame.bgr.copy())
            alive.append(weakref.ref(copy.bgr))
            yield copy
            del copy
            assert sum(one() is not None for one in alive) <= 1

    assert len(rows_of(measurer(model), given())) == 5


class LostAfterTwo:
    """An animation whose third picture cannot be read."""

    def __init__(self, *_):
        self._frames = iter(frames(2))

    def __iter__(self):
        return self

    def __next__(self):
        frame = next(self._frames, None)
        if frame is None:
            raise SourceLostError("the rest is missing.")
        return self._Picture(frame)

    class _Picture:
        def __init__(self, frame):
            self.time_s, self._frame = frame.time_s, frame

        def as_frame(self, *_):
            return self._frame


def test_a_broken_animation_has_the_rows_of_what_could_be_read(model, monkeypatch):
    monkeypatch.setattr(measure_segment, "timed_pictures", LostAfterTwo)
    looked = measure_segment.measure_pictures(model, {0: Path("a.gif")}, MeasureOptions(CLASSES))
    assert [row.frame for row in looked.rows] == [0, 1]
    assert looked.problems == {0: "the rest is missing."}
