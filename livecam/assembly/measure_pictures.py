"""One picture through an opened network: maps of the chosen classes, softmax, five best."""

from livecam.assembly.library_arguments import ClassChoice
from livecam.assembly.open_model import OpenedModel
from livecam.core.class_activation import FrameTiming, best_of, stats_of
from livecam.core.crop import network_view
from livecam.core.labels import AUTO
from livecam.core.measurement import Measurement
from livecam.core.network_size import Look
from livecam.core.softmax import softmax
from livecam.core.types import BgrImage
from livecam.pipeline.class_maps import SeenArea, class_map_of, figures_of_classes
from livecam.pipeline.turned_inference import TurnedInference
from livecam.settings.schema import MapSettings


def measure_picture(
    model: OpenedModel,
    bgr: BgrImage,
    wanted: ClassChoice,
    chosen: MapSettings,
    *,
    features: bool,
) -> Measurement:
    """What the network says about a picture.

    Args:
        model: the network.
        bgr: uint8 [height, width, 3]; not changed.
        wanted: whose maps; the most probable class comes before those that are named.
        chosen: what it sees of the picture, and where its maps lie.
        features: whether to keep what the maps are computed from.
    """
    height, width = bgr.shape[:2]
    look = Look.of(chosen.area, chosen.detail, chosen.place)
    box = look.box_in(width, height)
    size_px = look.network_size_px(width, height, model.input_size)
    rgb = network_view(bgr, box, size_px)
    output = TurnedInference(model.infer).infer(rgb) if look.is_exact else model.infer(rgb)
    best = best_of(output.probabilities, model.class_choices, 1) if wanted.follows else []
    classes = list(dict.fromkeys([*best, *wanted.named]))
    seen = SeenArea(box, chosen.area, chosen.place)
    followed = AUTO if wanted.follows else ""
    shown = class_map_of(model, output, classes[0], seen)
    stats = stats_of(shown, model.labels, model.class_choices, FrameTiming())
    return Measurement(
        classes=figures_of_classes(model, output, classes, seen, followed=followed),
        logits=shown.activation.logits,
        probabilities=softmax(shown.activation.logits, shown.activation.temperature),
        top=stats.top,
        seen=stats.seen,
        is_sure=stats.is_sure,
        features=output.features if features else None,
        area=chosen.area,
        scale=model.map_scale,
    )
