"""The head that samples teach: classes, scale of the maps, other things, held-out figures."""

from dataclasses import replace

import numpy as np
import pytest

from core.teaching.taught_samples import CHANNELS, other_things, sample_of, samples_of
from livecam.core.class_activation import activation_of
from livecam.core.softmax import softmax
from livecam.core.teaching.fit import PEAK, fit_head
from livecam.core.teaching.held_out import class_figures, contradictions, share_right
from livecam.core.teaching.samples import (
    TaughtClasses,
    TaughtSample,
    bursts_of,
    clip_sample_stem,
    key_sample_stem,
    views_of,
)
from livecam.core.types import NetworkOutput

NOTHING = np.zeros((0, CHANNELS), np.float32)
THREE = TaughtClasses(("rose", "tulip", "daisy"), has_other=False)
THREE_AND_OTHER = TaughtClasses(("rose", "tulip", "daisy"), has_other=True)


def said_of(taught, samples) -> list[int]:
    pooled = np.stack([sample.cells.astype(np.float32).mean((0, 1)) for sample in samples])
    return taught.head.logits(pooled).argmax(1).tolist()


def test_it_tells_new_samples_of_the_classes_apart():
    taught = fit_head(samples_of([5, 5, 5]), THREE, NOTHING)
    new = [sample_of(k, 77 + k) for k in range(3)]
    assert said_of(taught, new) == [0, 1, 2]


def test_the_map_is_exact():
    taught = fit_head(samples_of([5, 5, 5]), THREE_AND_OTHER, other_things())
    features = sample_of(1, 99).cells.astype(np.float32)
    head = taught.head
    output = NetworkOutput(features, head.logits(head.pooled(features)), head)
    activation = activation_of(output, head, 1, (0.0, 0.0))
    assert activation.grid.mean() + head.bias[1] == pytest.approx(output.logits[1], abs=1e-4)


def test_maps_of_pictures_that_were_not_taught_peak_at_36():
    taught = fit_head(samples_of([20, 20, 20]), THREE, NOTHING)
    new = [sample_of(k, 500 + n) for k in range(3) for n in range(20)]
    peaks = [(s.cells.astype(np.float32) @ taught.head.kernel[:, s.class_index]).max() for s in new]
    assert np.median(peaks) == pytest.approx(PEAK, rel=0.1)


def test_few_other_things_are_named_as_a_class():
    taught = fit_head(samples_of([3, 3, 3]), THREE_AND_OTHER, other_things())
    new = np.random.default_rng(8).random((200, CHANNELS)).astype(np.float32)
    assert np.mean(taught.head.logits(new).argmax(1) != 3) < 0.1
    assert said_of(taught, samples_of([3, 3, 3])) == [0] * 3 + [1] * 3 + [2] * 3


def test_samples_of_other_things_count_as_other():
    scene = [sample_of(3, 40 + n, looks_like=9) for n in range(4)]
    taught = fit_head([*samples_of([3, 3, 3]), *scene], THREE_AND_OTHER, NOTHING)
    assert said_of(taught, [sample_of(3, 90, looks_like=9)]) == [3]


def test_held_out_figures_are_those_of_a_fit_without_the_sample():
    samples = samples_of([4, 4, 4])
    taught = fit_head(samples, THREE, NOTHING)
    without = fit_head(samples[1:], THREE, NOTHING)
    # The weights of its class differ by a sample, and the scale: the order of classes is the same.
    pooled = samples[0].views[:1]
    assert (
        np.argsort(taught.held_out[0]).tolist()
        == np.argsort(without.head.logits(pooled)[0]).tolist()
    )


def test_a_class_with_one_sample_has_no_held_out_figure():
    taught = fit_head(samples_of([1, 4, 4]), THREE, NOTHING)
    figures = class_figures(taught, samples_of([1, 4, 4]))
    assert (figures[0].samples, figures[0].judged) == (1, 0)
    assert [figure.judged for figure in figures] == [0, 4, 4]


def test_one_sample_each_is_enough_to_begin_with():
    taught = fit_head(samples_of([1, 1]), TaughtClasses(("a", "b"), has_other=False), NOTHING)
    assert said_of(taught, samples_of([1, 1])) == [0, 1]
    assert share_right(class_figures(taught, samples_of([1, 1]))) is None


def test_the_table_says_what_each_class_is_taken_for():
    samples = [*samples_of([6, 6, 6]), sample_of(0, 3, looks_like=1)]
    figures = class_figures(fit_head(samples, THREE, NOTHING), samples)
    assert figures[0].taken_for == (6, 1, 0)
    assert [figure.right for figure in figures] == [6, 6, 6]
    assert share_right(figures) == pytest.approx((6 / 7 + 1 + 1) / 3)


def test_a_sample_that_the_others_contradict_is_found():
    samples = [*samples_of([6, 6, 6]), sample_of(2, 3, looks_like=1)]
    (found,) = contradictions(fit_head(samples, THREE, NOTHING), samples)
    assert (found.place, found.class_name, found.taken_for) == (18, "daisy", "tulip")
    assert found.margin > 0


def test_probabilities_of_clear_classes_are_near_1_and_those_of_contradictions_are_not():
    clear, mixed = samples_of([8, 8, 8]), []
    for n in range(8):
        mixed += [sample_of(k, 60 + 9 * n + k, looks_like=(k + n) % 3) for k in range(3)]
    largest = []
    for samples in (clear, mixed):
        taught = fit_head(samples, THREE, NOTHING)
        logits = taught.head.logits(np.stack([sample.views[0] for sample in samples]))
        largest.append(softmax(logits, taught.temperature).max(1).mean())
    assert largest[0] > 0.9
    assert largest[1] < 0.6


def test_the_order_of_samples_changes_nothing():
    samples = samples_of([3, 4, 5])
    one, other = (fit_head(s, THREE_AND_OTHER, other_things()) for s in (samples, samples[::-1]))
    np.testing.assert_allclose(one.head.kernel, other.head.kernel, rtol=1e-4, atol=1e-5)
    assert one.temperature == other.temperature


def test_views_begin_with_what_the_network_always_sees():
    bgr = np.random.default_rng(0).integers(0, 255, (300, 400, 3), np.uint8)
    views = views_of(bgr)
    square = views_of(np.ascontiguousarray(bgr[:, 50:350]))
    assert all((a == b).all() for a, b in zip(views, square, strict=True))
    assert (views[1] == views[0][:, ::-1]).all()
    assert all(view.shape == (224, 224, 3) for view in views)


def test_tiny_pictures_have_views_too():
    assert all(view.shape == (224, 224, 3) for view in views_of(np.zeros((1, 2, 3), np.uint8)))


def test_samples_of_one_moment_are_left_out_together():
    def of_clip(class_index: int, times: list[float]) -> list[TaughtSample]:
        taken = [sample_of(class_index, 7) for _ in times]  # the very same picture
        return [
            replace(one, name=f"c/{clip_sample_stem('clip', time_s)}.png")
            for one, time_s in zip(taken, times, strict=True)
        ]

    samples = [*of_clip(0, [0.0, 0.5, 1.0]), *samples_of([0, 5, 5])]
    figures = class_figures(fit_head(samples, THREE, NOTHING), samples)
    assert [figure.judged for figure in figures] == [0, 5, 5]

    apart = [*of_clip(0, [0.0, 0.5, 9.0]), *samples_of([0, 5, 5])]
    figures = class_figures(fit_head(apart, THREE, NOTHING), apart)
    assert [figure.judged for figure in figures] == [3, 5, 5]


def bursts(*names: str) -> list[set[str]]:
    return [{names[place] for place in burst} for burst in bursts_of(names)]


def test_a_part_of_a_clip_is_one_burst_until_nothing_is_taken_for_a_while():
    """Before, it was cut at every even second: the two neighbours there vouched for each other."""
    first = {f"rose/walk_{1 + n / 4:08.3f}.png" for n in range(20)}  # 1 to 5.75 s
    second, third = "rose/walk_0007.750.png", "rose/walk_0009.750.png"
    assert bursts(third, *sorted(first, reverse=True), second) == [first, {second}, {third}]
    assert bursts("rose/walk_0001.000.png", "rose/other_0001.000.png") == [
        {"rose/walk_0001.000.png"}, {"rose/other_0001.000.png"},
    ]  # fmt: skip


def test_photographs_are_bursts_of_their_own():
    names = ["rose/IMG_2041.jpg", "rose/IMG_2042.jpg", "rose/0012_003.png"]
    assert bursts(*names) == [{name} for name in names]


def test_a_hold_of_a_key_is_one_burst():
    names = {f"rose/{key_sample_stem(4, n)}.png" for n in (1, 2, 30)}
    assert bursts(*names, f"rose/{key_sample_stem(5, 1)}.png") == [
        names, {f"rose/{key_sample_stem(5, 1)}.png"},
    ]  # fmt: skip
