"""Reads what a caller of the library hands in: sources, batches, classes, maps."""

import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypedDict, TypeVar, get_type_hints

import numpy as np
import numpy.typing as npt

from livecam.assembly.annotated_recording import is_drawn_on
from livecam.assembly.open_model import OpenedModel
from livecam.core.argument_names import with_arguments
from livecam.core.labels import is_auto, named_classes
from livecam.core.map_choices import DETAILS, Area, Detail, Place
from livecam.core.map_offset import NO_OFFSET
from livecam.core.protocols import Source
from livecam.core.redaction import without_credentials
from livecam.core.types import Frame, Waiting
from livecam.core.window_logits import WINDOW_CELLS
from livecam.errors import LivecamError
from livecam.settings.schema import (
    HeatSettings,
    MapSettings,
    ObjectSettings,
    Settings,
)
from livecam.sources.open_source import create_source
from livecam.sources.picture_argument import (
    Channels,
    check_channels,
    each_frame,
    is_one_picture,
)

ClassName = str | int
"""Name or index of a class."""

P = ParamSpec("P")
T = TypeVar("T")


def naming_arguments(call: Callable[P, T]) -> Callable[P, T]:
    """The same call; its errors name its arguments and not the command line's flags."""

    @wraps(call)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return call(*args, **kwargs)
        except LivecamError as error:
            raise type(error)(with_arguments(str(error))) from None

    return wrapper


def frames_of(source: Any, channels: Channels = "bgr") -> Iterator[Frame | Waiting]:
    """The frames of whatever stands for a source; `channels` is the order of arrays among them.

    Raises:
        TypeError: it is nothing that has frames.
        ValueError: there are no such channels.
        SourceError: there is no source of this name.
    """
    if isinstance(source, str | os.PathLike):
        title = without_credentials(os.fspath(source))
    else:
        title = getattr(source, "title", "the source")
    return _noticing(_frames_of(source, channels), title)


def _noticing(frames: Iterator[Frame | Waiting], title: str) -> Iterator[Frame | Waiting]:
    """The same frames; warns once where one has a map of livecam in it already."""
    is_warned = False
    for frame in frames:
        if isinstance(frame, Frame) and not is_warned and is_drawn_on(frame):
            is_warned = True
            named = Path(frame.name).name if frame.name else title
            warnings.warn(
                f"{named} is an annotated recording of livecam: the map that is drawn into it is "
                "measured, too; take its untouched twin (--record-clean)",
                stacklevel=3,
            )
        yield frame


def _frames_of(source: Any, channels: Channels) -> Iterator[Frame | Waiting]:
    check_channels(channels)
    if isinstance(source, str | os.PathLike):
        return _opened_frames(create_source(os.fspath(source)))
    if is_one_picture(source):
        return each_frame([source], channels)
    return each_frame(iterable_of(source), channels)


def _opened_frames(source: Source) -> Iterator[Frame | Waiting]:
    with source:
        yield from source


def iterable_of(pictures: Any) -> Iterable[Any]:
    """An iterable of pictures.

    Raises:
        TypeError: it is none.
    """
    if isinstance(pictures, Iterable):
        return pictures
    raise TypeError(
        "give a picture (a uint8 array [height, width, 3], a Pillow image, a path), an iterable of "
        f"pictures, or an opened source, not {type(pictures).__name__}"
    )


def check_model(model: Any, call: str) -> None:
    """Raise TypeError, with the order of the arguments, for what is no model."""
    if not isinstance(model, OpenedModel):
        raise TypeError(f"the model is one from open_model, not {type(model).__name__}: {call}")


class MapArguments(TypedDict, total=False):
    """Arguments of the library's calls: what the network sees, and where its maps lie."""

    area: Area
    detail: Detail
    place: Place


class AnnotateArguments(MapArguments, total=False):
    """The same, and whether boxes are drawn around what is found."""

    boxes: bool


def map_settings(how: MapArguments, allowed: type = MapArguments) -> MapSettings:
    """What the network is to see, and where its maps lie.

    Args:
        how: the caller's arguments.
        allowed: which there are.

    Raises:
        SettingsError: there is no such area, detail or place.
        TypeError: there is no such argument.
    """
    names, known = get_type_hints(allowed), get_type_hints(MapArguments)
    unknown = sorted(set(how) - set(names))
    if unknown:
        raise TypeError(f"there is no argument {unknown[0]!r} here: use {', '.join(names)}")
    given: Any = {name: value for name, value in how.items() if name in known}
    return MapSettings(**given)


def measured_channels(activation: Any, picture: Any) -> Channels | None:
    """The order in which an array was measured; None where nobody knows."""
    return getattr(activation, "channels", None) if isinstance(picture, np.ndarray) else None


def measured_offset(activation: Any) -> tuple[float, float]:
    """Where a map is drawn, against an even grid of cells; there where nobody knows."""
    offset_px: tuple[float, float] = getattr(activation, "offset_px", NO_OFFSET)
    return offset_px


def measured_area(activation: Any) -> Area:
    """What the network saw of a picture that gave this map; the square where nobody knows."""
    return getattr(activation, "area", "square")


def detail_of(grid: npt.NDArray[np.float32]) -> Detail:
    """The detail that gives as many cells."""
    return min(DETAILS, key=lambda detail: abs(WINDOW_CELLS * detail - min(grid.shape)))


def settings_with(heat: Any, chosen: MapSettings, *, boxes: bool = False) -> Settings:
    """The settings that say how a map is drawn; None stands for the defaults.

    Raises:
        TypeError: it is no HeatSettings.
    """
    if heat is not None and not isinstance(heat, HeatSettings):
        raise TypeError(
            f"heat must be livecam.HeatSettings(...), not {type(heat).__name__}: "
            'heat=livecam.HeatSettings(colormap="turbo")'
        )
    return Settings(map=chosen, heat=heat or HeatSettings(), objects=ObjectSettings(boxes))


@dataclass(frozen=True, slots=True)
class ClassChoice:
    """The classes that a caller wants.

    Attributes:
        named: their indices, in that order; none where "auto" alone is wanted.
        follows: whether the most probable class is wanted ("auto").
    """

    named: tuple[int, ...]
    follows: bool


def class_choice(model: OpenedModel, wanted: ClassName | Sequence[ClassName] | None) -> ClassChoice:
    """The classes that are wanted; None is what the model looks for by itself.

    Raises:
        ValueError: none is.
        TypeError: something is neither a name nor an index.
        SettingsError: there is no such class, or the name is ambiguous.
    """
    wanted = model.spec.default_class if wanted is None else wanted
    names = list(map(str, _class_names(wanted)))
    if not names:
        raise ValueError("class_name must name at least one class")
    return ClassChoice(named_classes(model.spec.labels, names), any(map(is_auto, names)))


def _class_names(wanted: Any) -> list[ClassName]:
    """The names and indices that are wanted, one or several."""
    is_one = _is_class_name(wanted) or not isinstance(wanted, Iterable)
    names = [wanted] if is_one or isinstance(wanted, bytes | bytearray) else list(wanted)
    for name in names:
        if not _is_class_name(name):
            raise TypeError(
                'class_name must be a name ("daisy"), an index (985), or a list of these, '
                f"not {name!r}"
            )
    return names


def _is_class_name(given: Any) -> bool:
    return isinstance(given, str | int | np.integer) and not isinstance(given, bool)


def grid_of(activation: Any) -> npt.NDArray[np.float32]:
    """The numbers of a map, whatever holds them.

    Raises:
        TypeError: nothing does.
        ValueError: they are no grid.
    """
    try:
        grid = np.asarray(getattr(activation, "grid", activation), dtype=np.float32)
    except (TypeError, ValueError):
        kind = type(activation).__name__
        raise TypeError(f"a map is what measure gave, or a grid of numbers, not {kind}") from None
    if grid.ndim != 2 or 0 in grid.shape:
        raise ValueError(f"a map must be finite numbers [rows, columns], not {list(grid.shape)}")
    wrong = int((~np.isfinite(grid)).sum())
    if wrong:
        raise ValueError(
            f"a map must be finite numbers: {wrong} of its {grid.size} are NaN or infinite"
        )
    return grid
