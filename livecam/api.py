"""The public library: open a model, measure one image, iterate over an annotated source."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from livecam.assembly.calibration import calibration_of
from livecam.assembly.first_view import first_view
from livecam.assembly.open_model import OpenedModel
from livecam.assembly.open_model import open_model as _open_engine
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
    """Make MobileNet ready: fetch its weights if necessary, convert it once, warm it up.

    The first call for a model may take seconds, for int8 half a minute: the converted model is
    cached ($LIVECAM_CACHE, else the system's folder for caches).

    Args:
        name: "imagenet" (1000 classes), or "flowers" (five flowers and "other"; works offline).
        alpha: width multiplier of "imagenet": 1.0, 0.75, 0.5 or 0.25; None for 1.0.
        weights: a Keras .h5 or .weights.h5 file for "imagenet"; None for those that Keras
            fetches.
        engine: "auto", "tensorflow" or "litert"; "auto" is TensorFlow if it finds a GPU, else
            LiteRT.
        precision: "float32", "int8" (LiteRT) or "float16" (TensorFlow on a GPU).

    Returns:
        The model, for `measure` and `annotate`; `labels` are the names of its classes, in the
        order of the logits. Use it in one thread at a time.

    Raises:
        livecam.errors.ModelError: the weights or the engine are missing or damaged.
        livecam.errors.SettingsError: there is no such model, alpha, engine or precision, or they
            do not go together.
    """
    file = Path(weights) if weights is not None else None
    int8 = calibration_of(None) if precision == "int8" else None
    spec = spec_of(name, alpha, file)
    return _open_engine(spec, engine=engine, precision=precision, calibration=int8)


def measure(
    model: OpenedModel, bgr: npt.NDArray[np.uint8], class_name: str | int = "daisy"
) -> Activation:
    """The activation map of one image: of its centred square, scaled to 224 x 224 pixels.

    Args:
        model: from `open_model`.
        bgr: uint8 [height, width, 3], channels blue, green, red as in OpenCV; not changed.
        class_name: name or index of the class.

    Returns:
        `grid`, float32 [7, 7], rows from top to bottom: the contribution of each cell to the
        class's logit (no unit; real daisies peak near 36); and `logits`, float32 [classes].
        `grid.mean()` plus the class's bias is the class's logit.

    Raises:
        ValueError: the array is not such an image.
        livecam.errors.SettingsError: there is no such class, or the name is ambiguous.
    """
    # cv2.imread returns None for a missing file.
    dtype = getattr(bgr, "dtype", type(bgr).__name__)
    shape: tuple[int, ...] = getattr(bgr, "shape", ())
    if dtype != np.uint8 or len(shape) != 3 or shape[2] != 3 or 0 in shape:
        raise ValueError(f"bgr must be uint8 [height, width, 3], not {dtype} {shape}")
    (class_index,) = chosen_classes(model.spec.labels, [str(class_name)])
    height, width = bgr.shape[:2]
    return model.measure(network_view(BgrImage(bgr), centred_square(width, height)), class_index)


def open_source(address: str | int | Path) -> Source:
    """A camera, clip, picture, folder, glob, stream or the daisy scene; opens in `with`.

    Args:
        address: as on the command line: 0, "/dev/video2", part of a camera's name, "clip.mp4",
            "photos/", `"photos/*.jpg"`, "rtsp://host/path", "daisy".

    Returns:
        A context manager; inside it, iterating gives livecam.core.types.Frame once each: `bgr`,
        uint8 [height, width, 3], read-only, and `time_s`, seconds since the first frame. A live
        source also gives livecam.core.types.Waiting where there is no new frame yet. `notice` of
        a folder says what in it is no picture and no clip.

    Raises:
        livecam.errors.SourceError: it cannot be opened; raised here or on entering.
    """
    return create_source(str(address))


def annotate(
    source: Source,
    model: OpenedModel,
    *,
    class_name: str | int = "daisy",
    heat: HeatSettings | None = None,
) -> Iterator[AnnotatedFrame]:
    """Each frame of an opened source with its activation map, figures and annotated picture.

    Args:
        source: from `open_source`, entered.
        model: from `open_model`.
        class_name: name or index of the class.
        heat: how the activation map is drawn; None for the defaults.

    Returns:
        An iterator of livecam.core.annotated_frame.AnnotatedFrame: `frame`, `activation` as from
        `measure`, `stats` (`maximum`, `mean`, `probability` 0 to 1, `latency_ms`, ...), and
        `picture`, uint8 BGR [height, width, 3] of the frame's size.

    Raises:
        livecam.errors.SettingsError: there is no such class, or the name is ambiguous.
        livecam.errors.SourceLostError: after the last frame, if the source ended too early.
    """
    settings = Settings(heat=heat or HeatSettings())
    classes = chosen_classes(model.spec.labels, [str(class_name)])
    return annotate_frames(source, model, first_view(settings, classes, model.class_choices))
