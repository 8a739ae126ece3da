"""Boxes of the bundled network against the true ones of rendered flowers that touch and overlap."""

import livecam
from livecam.core.bounding_box import matched
from livecam.sources.synthetic.scene import SceneContents, build_scene
from livecam.sources.synthetic.truth import pictures_with_truth

SCENES_FROM = 20_000  # none of those that the rule was chosen on


def views():
    for number in range(20):
        scene = build_scene(SCENES_FROM + number, SceneContents(number % 5 + 1))
        yield from pictures_with_truth(scene, number, count=3)


def test_flowers_that_touch_are_told_apart():
    model = livecam.open_model("flowers", engine="litert")
    hits = found_count = true_count = 0
    for view in views():
        (seen,) = livecam.annotate([view.bgr], model, boxes=True, detail=2)
        hits += len(matched([one.box for one in seen.objects], view.boxes, 0.5))
        found_count += len(seen.objects)
        true_count += len(view.boxes)
    assert 2 * hits / (found_count + true_count) > 0.86
