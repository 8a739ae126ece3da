"""The public library: open a model, measure pictures, draw maps, iterate over a source."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Unpack, overload

import numpy as np
import numpy.typing as npt

from livecam.assembly.calibration import calibration_of
from livecam.assembly.first_view import first_view
from livecam.assembly.library_arguments import (
    AnnotateArguments,
    ClassName,
    MapArguments,
    check_model,
    class_choice,
    detail_of,
    frames_of,
    grid_of,
    iterable_of,
    map_settings,
    measured_area,
    measured_channels,
    measured_offset,
    naming_arguments,
    settings_with,
)
from livecam.assembly.measure_pictures import measure_picture
from livecam.assembly.open_model import OpenedModel
from livecam.assembly.open_model import open_model as _open_engine
from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.class_figures import ClassFigures
from livecam.core.drawn_map import draw_map, map_lines
from livecam.core.map_choices import Area
from livecam.core.map_scale import USUAL_SCALE
from livecam.core.measurement import Measurement
from livecam.core.protocols import Source
from livecam.core.types import Activation, Waiting
from livecam.models.catalogue import spec_of
from livecam.models.network_options import NetworkOptions
from livecam.pipeline.annotate import annotate as annotate_frames
from livecam.settings.schema import HeatSettings
from livecam.sources.open_source import create_source
from livecam.sources.picture_argument import (
    Channels,
    PictureLike,
    bgr_of,
    drawn_channels,
    each_picture,
    is_one_picture,
    swapped,
)


@naming_arguments
def open_model(
    name: str | Path = "imagenet",
    *,
    alpha: float | None = None,
    weights: str | Path | None = None,
    labels: str | Path | None = None,
    engine: str = "auto",
    precision: str = "float32",
) -> OpenedModel:
    """Make a network ready: fetch its weights if necessary, convert it once, warm it up.

    The first call for a model may take seconds, for int8 half a minute: the converted model is
    cached ($LIVECAM_CACHE, else the system's folder for caches).

    Args:
        name: "imagenet" (1000 classes), "flowers" (five flowers and "other"; works offline), or the
            path of a network of your own: Keras, TensorFlow Lite, Teachable Machine.
        alpha: width multiplier of "imagenet": 1.0, 0.75, 0.5 or 0.25; None for 1.0.
        weights: a Keras .h5 or .weights.h5 file for "imagenet"; None for those that Keras
            fetches.
        labels: names of your own network's classes, one a line; None for the file beside it.
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
    options = NetworkOptions(Path(labels) if labels is not None else None)
    spec = spec_of(name, alpha, file, options)
    return _open_engine(spec, engine=engine, precision=precision, calibration=int8)


@overload
def measure(  # type: ignore[overload-overlap]  # text is an iterable of text, too
    model: OpenedModel,
    picture: PictureLike,
    class_name: ClassName | Sequence[ClassName] | None = None,
    *,
    channels: Channels = "bgr",
    features: bool = False,
    **how: Unpack[MapArguments],
) -> Measurement: ...


@overload
def measure(
    model: OpenedModel,
    picture: Iterable[PictureLike | Waiting],
    class_name: ClassName | Sequence[ClassName] | None = None,
    *,
    channels: Channels = "bgr",
    features: bool = False,
    **how: Unpack[MapArguments],
) -> list[Measurement]: ...


@naming_arguments
def measure(
    model: OpenedModel,
    picture: PictureLike | Iterable[PictureLike | Waiting],
    class_name: ClassName | Sequence[ClassName] | None = None,
    *,
    channels: Channels = "bgr",
    features: bool = False,
    **how: Unpack[MapArguments],
) -> Measurement | list[Measurement]:
    """Maps, softmax and five best classes of one picture, or of each picture of a batch.

    The network sees the centred square of a picture, scaled to 224 x 224 pixels, or what `area`
    and `detail` say, once, however many classes are asked for.

    Args:
        model: from `open_model`.
        picture: uint8 [height, width, 3]; or a Pillow image of any mode; or the path of a picture;
            or a livecam.core.types.Frame. A list or any other iterable of these, or uint8 [count,
            height, width, 3], is a batch. None of them is changed.
        class_name: name or index of the class, or "auto" for the most probable one; None is daisy,
            and auto of a network of your own; a sequence
            of them for the maps of several.
        channels: the order of an array's channels: "bgr" as in OpenCV, or "rgb" as in Pillow,
            imageio and matplotlib. Images and files know their own.
        features: whether to keep what the maps are computed from, 0.2 MB a picture.
        **how: `area`: "square", or "frame" for all of the picture, at its own shape.
            `detail`: 1, 2 or 3 times 224 pixels on the shorter side: 7, 14 or 21 cells.
            `place`, where the map lies: "measured", at the model's offset; "exact", as the mean
            with the picture turned by 180 degrees, a second look; "page", as on the original web
            page.

    Returns:
        A livecam.core.measurement.Measurement, whose help names all of it: `grid`, float32 [7, 7]
        or [rows, columns] of the area and detail, rows from top to bottom, the contribution of each
        cell to the class's logit (no unit; real daisies peak near 36); `probability`; `centre`, x
        and y in pixels of the picture; `top`, the five most probable classes. A list of them, in
        order, for a batch.

    Raises:
        ValueError: an array is no such picture.
        TypeError: something is nothing that can be a picture, or the model does not come first.
        livecam.errors.SourceError: a file cannot be read, or is no picture.
        livecam.errors.SettingsError: there is no such class, or the name is ambiguous.
    """
    check_model(model, "measure(model, picture)")
    wanted, chosen = class_choice(model, class_name), map_settings(how)
    if is_one_picture(picture):
        bgr = bgr_of(picture, channels)
        measured = measure_picture(model, bgr, wanted, chosen, features=features)
        return replace(measured, channels=channels)
    pictures = each_picture(iterable_of(picture), channels)
    batch = (measure_picture(model, bgr, wanted, chosen, features=features) for bgr in pictures)
    return [replace(measured, channels=channels) for measured in batch]


@naming_arguments
def draw(
    picture: PictureLike,
    activation: Measurement | ClassFigures | Activation | npt.NDArray[np.float32],
    *,
    heat: HeatSettings | None = None,
    figures: bool = True,
    channels: Channels | None = None,
    area: Area | None = None,
) -> npt.NDArray[np.uint8]:
    """A copy of a picture with a map drawn onto what the network saw of it.

    Args:
        picture: as for `measure`; not changed.
        activation: what `measure` gave for it, one of its `classes`, or a grid of your own:
            numbers [rows, columns], the top row first.
        heat: how the map is drawn; None for the defaults. With `view="pair"` the second class of
            what `measure` gave is drawn in green beside the first, in magenta.
        figures: whether to write class, probability, maximum and mean onto it, with a colour bar.
        channels: the order of an array's channels, and of what is given back: "bgr" as in OpenCV
            (cv2.imwrite), or "rgb" as in Pillow, imageio and matplotlib (plt.imshow). None is
            "rgb" for a Pillow image, so that Image.fromarray takes what comes back; for an array
            the order that `measure` was told; else "bgr", as for one of its `classes`.
        area: where the map lies: on the centred "square" or on all of the "frame"; None for where
            it was measured, and of a grid of your own the square.

    Returns:
        uint8 [height, width, 3] of the picture's size, channels in the order of `channels`.

    Raises:
        ValueError: an array is no picture, or no grid.
        TypeError: something is nothing that can be a picture or a map.
        livecam.errors.SourceError: the file cannot be read, or is no picture.
    """
    known = measured_channels(activation, picture) if channels is None else channels
    order = drawn_channels(picture, known)
    bgr = bgr_of(picture, order)
    grid = grid_of(activation)
    settings = settings_with(
        heat, map_settings({"area": area or measured_area(activation), "detail": detail_of(grid)})
    )
    measured = activation.figures if isinstance(activation, Measurement) else activation
    scale = activation.scale if isinstance(activation, Measurement) else USUAL_SCALE
    view = first_view(settings, [0], [0], scale=scale)
    second = activation.second if isinstance(activation, Measurement) else None
    second = second if view.style == "pair" else None
    lines = map_lines(grid, measured if isinstance(measured, ClassFigures) else None, second)
    offset_px = measured_offset(activation)
    drawn = draw_map(bgr, grid, view, lines if figures else [], offset_px, second=second)
    return swapped(drawn) if order == "rgb" else drawn


@naming_arguments
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


@naming_arguments
def annotate(
    source: Source | PictureLike | Iterable[PictureLike | Waiting],
    model: OpenedModel,
    *,
    class_name: ClassName | Sequence[ClassName] | None = None,
    heat: HeatSettings | None = None,
    channels: Channels = "bgr",
    **how: Unpack[AnnotateArguments],
) -> Iterator[AnnotatedFrame]:
    """Each frame of a source with its activation map, figures and annotated picture.

    Args:
        source: from `open_source`, entered; or its address as text or a path, which is opened by
            the first `next` and closed at the end; or pictures as for `measure`.
        model: from `open_model`.
        class_name: name or index of the class, or "auto" for the one that is seen; None is daisy,
            and auto of a network of your own; of several the
            first is drawn, and `stats.classes` has the figures of all of them.
        heat: how the activation map is drawn; None for the defaults.
        channels: the order of the channels of arrays that come in; what goes out is BGR.
        **how: `area`, `detail` and `place` as for `measure`; `boxes`: whether the things in the
            map are found, followed from frame to frame and drawn (detail 2 finds small ones).

    Returns:
        An iterator of livecam.core.annotated_frame.AnnotatedFrame: `frame`, `activation` (`grid`
        and `logits`), `stats` (`maximum`, `mean`, `probability` 0 to 1, `latency_ms`, ...),
        `objects` (`box`, `score`, `id`; none without `boxes`), and `picture`, uint8 BGR
        [height, width, 3] of the frame's size.

    Raises:
        ValueError, TypeError: something is nothing that can be a picture.
        livecam.errors.SettingsError: there is no such class, or the name is ambiguous.
        livecam.errors.SourceError: there is no such source, or a file is no picture.
        livecam.errors.SourceLostError: after the last frame, if the source ended too early.
    """
    check_model(model, "annotate(source, model)")
    settings = settings_with(
        heat, map_settings(how, AnnotateArguments), boxes=how.get("boxes", False)
    )
    wanted, choices = class_choice(model, class_name), model.class_choices
    view = first_view(
        settings,
        wanted.named or choices[:1],
        choices,
        follows=wanted.follows,
        scale=model.map_scale,
    )
    return annotate_frames(frames_of(source, channels), model, view)
