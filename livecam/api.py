"""The library: open a model, measure one image, iterate over an annotated source."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from livecam.assembly.calibration import calibration_of
from livecam.assembly.open_model import OpenedModel
from livecam.assembly.open_model import open_model as _open_engine
from livecam.assembly.open_pipeline import first_view
from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.crop import centred_square, network_view
from livecam.core.labels import chosen_classes
from livecam.core.protocols import Source
from livecam.core.types import Activation, BgrImage
from livecam.models.catalogue import spec_of
from livecam.pipeline.annotate import annotate as annotate_frames
from livecam.settings.schema import HeatSettings, Settings
from livecam.sources.open_source import create_source


def open_model(
    name: str = "imagenet",
    *,
    alpha: float | None = None,
    weights: str | Path | None = None,
    engine: str = "auto",
    precision: str = "float32",
) -> OpenedModel:
    """Make MobileNet ready: fetch its weights if need be, convert it once, warm it up.

    Args:
        name: "imagenet" (1000 classes), or "flowers" (six classes; needs no network).
        alpha: width multiplier of "imagenet": 1.0, 0.75, 0.5 or 0.25; None for 1.0.
        weights: a Keras .h5 or .weights.h5 file; None for ImageNet's, fetched by Keras.
        engine: "auto", "tensorflow" or "litert".
        precision: "float32", "int8" (LiteRT) or "float16" (TensorFlow on a GPU).

    Raises:
        livecam.errors.ModelError: the weights or the engine cannot be had.
        livecam.errors.SettingsError: there is no such alpha, or the engine has no such precision.
    """
    file = Path(weights) if weights is not None else None
    int8 = calibration_of(None) if precision == "int8" else None
    spec = spec_of(name, alpha, file)
    return _open_engine(spec, engine=engine, precision=precision, calibration=int8)


def measure(
    model: OpenedModel, bgr: npt.NDArray[np.uint8], class_name: str | int = "daisy"
) -> Activation:
    """Look at the centred square of one image.

    Args:
        model: from `open_model`.
        bgr: uint8 [height, width, 3], blue first, as OpenCV gives it; not changed.
        class_name: name or index of the class.

    Returns:
        `grid`, float32 [7, 7], the contribution of each place to the class's logit (no unit;
        real daisies peak near 36), and `logits`, float32 [classes].

    Raises:
        ValueError: the array is not such an image.
        livecam.errors.SettingsError: there is no such class, or the name is ambiguous.
    """
    # cv2.imread gives None of a missing file.
    dtype = getattr(bgr, "dtype", type(bgr).__name__)
    shape: tuple[int, ...] = getattr(bgr, "shape", ())
    if dtype != np.uint8 or len(shape) != 3 or shape[2] != 3 or 0 in shape:
        raise ValueError(f"bgr must be uint8 [height, width, 3], not {dtype} {shape}")
    (class_index,) = chosen_classes(model.spec.labels, [str(class_name)])
    height, width = bgr.shape[:2]
    return model.measure(network_view(BgrImage(bgr), centred_square(width, height)), class_index)


def open_source(address: str | int | Path) -> Source:
    """A camera (0 or "0"), clip, picture, folder, glob or stream; use it in a `with` statement.

    Iterating a live source gives livecam.core.types.Waiting where there is no new frame yet.

    Raises:
        livecam.errors.SourceError: here or on entering: it cannot be opened.
    """
    return create_source(str(address))


def annotate(
    source: Source,
    model: OpenedModel,
    *,
    class_name: str | int = "daisy",
    heat: HeatSettings | None = None,
) -> Iterator[AnnotatedFrame]:
    """Each frame of an opened source with its grid, figures and annotated picture.

    Args:
        source: from `open_source`, entered.
        model: from `open_model`.
        class_name: name or index of the class.
        heat: how it is drawn; None for the defaults.

    Returns:
        An iterator of livecam.core.annotated_frame.AnnotatedFrame: `frame` (time in seconds),
        `activation`, `stats`, and `picture`, uint8 BGR of the frame's size.

    Raises:
        livecam.errors.SettingsError: there is no such class, or the name is ambiguous.
        livecam.errors.SourceLostError: after the last frame, if the source ended too early.
    """
    settings = Settings(heat=heat or HeatSettings())
    classes = chosen_classes(model.spec.labels, [str(class_name)])
    return annotate_frames(source, model, first_view(settings, classes, model.class_choices))
