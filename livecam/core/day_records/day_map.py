"""Where the evidence for each class lay on a day: the mean of its map over all looks."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from livecam.core.class_figures import ClassFigures
from livecam.core.drawn_map import draw_map
from livecam.core.formatting import counted
from livecam.core.map_choices import Area
from livecam.core.text import BOLD, WHITE, YELLOW, Line
from livecam.core.types import BgrImage, FloatGrid
from livecam.core.view import View

_LEAST_MAX = 0.5  # of a mean; where all is below, nothing of it is made bright


@dataclass(frozen=True, slots=True)
class MapKind:
    """Which maps have a mean: those of one class, all of whose cells lie in the same places.

    Attributes:
        class_name: whose.
        rows, columns: of the grid.
        area: what the network saw of the picture: "square" or "frame".
        frame_size: width and height of the picture in pixels.
        offset_px: where maps are drawn against an even grid, in pixels of the network's input.
    """

    class_name: str
    rows: int
    columns: int
    area: Area
    frame_size: tuple[int, int]
    offset_px: tuple[float, float]


@dataclass(slots=True, eq=False)
class DayMap:
    """A running mean.

    Attributes:
        kind: of which maps.
        looks: how many there were.
    """

    kind: MapKind
    _sum: npt.NDArray[np.float64]
    looks: int = 0

    @property
    def mean(self) -> FloatGrid:
        """float32 [rows, columns]: the mean contribution of each place to the logit."""
        return (self._sum / max(1, self.looks)).astype(np.float32)

    def add(self, grid: FloatGrid) -> None:
        """One more look: float32 [rows, columns]."""
        self._sum += grid
        self.looks += 1

    def record(self) -> dict[str, Any]:
        """As JSON has it; `restored_maps` makes the same of it."""
        kind = self.kind
        return {
            "class": kind.class_name,
            "looks": self.looks,
            "area": kind.area,
            "frame_size": list(kind.frame_size),
            "offset_px": list(kind.offset_px),
            "mean": (self._sum / max(1, self.looks)).tolist(),
        }


@dataclass(slots=True)
class DayMaps:
    """The maps of one camera on one day; of a class several, where the way of looking changed."""

    _maps: dict[MapKind, DayMap] = field(default_factory=dict)

    def add(self, figures: ClassFigures, frame_size: tuple[int, int]) -> None:
        """One more look: of one class, in a picture of this width and height."""
        rows, columns = figures.grid.shape
        kind = MapKind(
            figures.class_name, rows, columns, figures.area, frame_size, figures.offset_px
        )
        if kind not in self._maps:
            self._maps[kind] = DayMap(kind, np.zeros((rows, columns)))
        self._maps[kind].add(figures.grid)

    def of_frame(self, frame_size: tuple[int, int]) -> list[DayMap]:
        """For each class the map with the most looks, of pictures of this size."""
        found: dict[str, DayMap] = {}
        for each in self._maps.values():
            name = each.kind.class_name
            is_more = name not in found or each.looks > found[name].looks
            if each.kind.frame_size == frame_size and is_more:
                found[name] = each
        return list(found.values())

    def record(self) -> list[dict[str, Any]]:
        """As JSON has it."""
        return [each.record() for each in self._maps.values()]


def restored_maps(records: Any) -> DayMaps:
    """The maps of such records.

    Raises:
        ValueError: they are none.
    """
    maps = DayMaps()
    try:
        for record in records:
            each = _restored(record)
            maps._maps[each.kind] = each  # noqa: SLF001
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"no maps of a day: {type(error).__name__}: {error}") from None
    return maps


def draw_day_map(bgr: BgrImage, day_map: DayMap, view: View, day: str) -> BgrImage:
    """A copy of a picture with the mean of the maps, its own largest value at full brightness.

    Over a day most looks show nothing, so that the mean is far below the maps of things: it is
    drawn as a map is that reaches the view's `act_max`. The colour bar has the mean's own values.

    Args:
        bgr: uint8 [height, width, 3], of the size that the maps were of; not changed.
        day_map: what is drawn.
        view: the colours.
        day: the date, as it is written on the picture.
    """
    mean, kind = day_map.mean, day_map.kind
    gain = view.gain * view.act_max / max(float(mean.max()), _LEAST_MAX)
    view = replace(view, area=kind.area, auto=True, gain=gain, style="colour", overlay=True)
    view = replace(view, mirror=False, record_clock=False)
    return draw_map(bgr, mean, view, day_map_lines(day_map, day), kind.offset_px)


def day_map_lines(day_map: DayMap, day: str) -> list[Line]:
    """What stands on the picture: it shows what lay there all day over what was there last."""
    mean = day_map.mean
    return [
        Line(f"{day_map.kind.class_name}, {day}", WHITE, 1.35, BOLD),
        Line(f"mean of {counted(day_map.looks, 'look')}", WHITE),
        Line("over the day's last picture", WHITE),
        Line(f"max {mean.max():.1f}   mean {mean.mean():.1f}", YELLOW, 1.0, BOLD),
    ]


def _restored(record: Mapping[str, Any]) -> DayMap:
    mean, looks = np.asarray(record["mean"], np.float64), int(record["looks"])
    width, height = record["frame_size"]
    x, y = record["offset_px"]
    area = record["area"]
    if mean.ndim != 2 or area not in ("square", "frame") or not np.isfinite(mean).all():
        raise ValueError("its mean is no grid")
    rows, columns = mean.shape
    size, offset = (int(width), int(height)), (float(x), float(y))
    kind = MapKind(str(record["class"]), rows, columns, area, size, offset)
    return DayMap(kind, mean * looks, looks)
