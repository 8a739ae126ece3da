"""Which families of keras.applications have an exact map, an approximate one, or none."""

from typing import Any

from benchmarks.harness.subprocesses import json_of
from benchmarks.inputs.scratch_folder import ScratchFolder
from benchmarks.report.tables import Row

FAMILIES = (
    "MobileNet", "MobileNetV2", "MobileNetV3Small", "MobileNetV3Large", "EfficientNetB0",
    "EfficientNetB3", "EfficientNetV2B0", "EfficientNetV2S", "ResNet50", "ResNet50V2",
    "DenseNet121", "InceptionV3", "InceptionResNetV2", "Xception", "NASNetMobile", "VGG16",
    "ConvNeXtTiny",
)  # fmt: skip

MOST_OFF = 1e-4
"""By this share of the largest logit logits may differ from those in float64, and means of maps
with their constants from their logit."""

MOST_OFF_GRADIENT = 1e-3
"""Maps may differ from the gradient's by this share of their largest value."""


def rows(scratch: ScratchFolder) -> list[Row]:
    """One row a family, each with random weights."""
    worker = "benchmarks.quality.keras_families_worker"
    return [_row(json_of(["-m", worker, name], scratch)) for name in FAMILIES]


def _row(of: dict[str, Any]) -> Row:
    what = f"map of {of['name']} at {of['side_px']}"
    if "refused" in of:
        return Row(what, "", f"refused: {of['refused']}")
    size = f"{of['cells']} x {of['cells']} cells{', one size' if of['is_fixed'] else ''}"
    measured = (
        f"{'approximate' if of['approximate'] else 'exact'}, {size}; off from float64: logits "
        f"{of['logits']:.0e} (Keras in float32 {of['keras_logits']:.0e}), the gradient's map "
        f"{of['gradient']:.0e} of its largest value; mean + constant off from the logit "
        f"{of['mean_and_constant']:.0e}"
    )
    is_good = max(of["logits"], of["mean_and_constant"]) <= MOST_OFF
    is_near = of["gradient"] <= MOST_OFF_GRADIENT
    return Row(what, f"<= {MOST_OFF:.0e}", measured, is_good and is_near)
