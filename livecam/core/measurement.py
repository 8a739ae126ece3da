"""What the network says about one picture, for the library: maps, softmax, five best classes."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from livecam.core.annotated_frame import Ranking
from livecam.core.class_figures import ClassFigures
from livecam.core.figures_by_class import FiguresByClass
from livecam.core.formatting import seen_words
from livecam.core.map_choices import Area
from livecam.core.map_scale import USUAL_SCALE, MapScale
from livecam.core.types import FloatGrid


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Measurement:
    """What the network says about one picture.

    Attributes:
        classes: the figures of every class that was asked for, in the order asked for, by its usual
            name; each is also found by its other names and its index.
        logits: float32 [classes of the model], biases included, in the order of its `labels`; of
            the window of the first class that was asked for.
        probabilities: float64 [classes of the model], the softmax of `logits`; adds up to 1.
        top: the five most probable classes as (index, name, probability), best first; without
            "other"; on more than 7 x 7 cells each in the window where it is most probable.
        seen: name of the most probable class of all; None where that is "other". On more than
            7 x 7 cells "other" counts only where no window of 7 x 7 shows anything else.
        is_sure: whether `seen` is probable enough for its model to be said without a doubt.
        features: float32 [rows, columns, channels], what the maps are computed from; None unless
            asked for.
        area: what the network saw of the picture: "square" or "frame".
        scale: how large the maps of the network are: how bright they are drawn.
        channels: the order of the channels of arrays that `measure` was told; `draw` draws onto an
            array in this order.
    """

    classes: FiguresByClass
    logits: npt.NDArray[np.float32]
    probabilities: npt.NDArray[np.float64]
    top: Ranking
    seen: str | None
    is_sure: bool = True
    features: npt.NDArray[np.float32] | None = None
    area: Area = "square"
    scale: MapScale = USUAL_SCALE
    channels: Literal["bgr", "rgb"] = "bgr"

    @property
    def figures(self) -> ClassFigures:
        """The figures of the first class that was asked for; `grid` and the rest are its own."""
        return next(iter(self.classes.values()))

    @property
    def second(self) -> ClassFigures | None:
        """Those of the second class that was asked for; None where it was one."""
        return next(iter(list(self.classes.values())[1:]), None)

    @property
    def class_index(self) -> int:
        """Index of the class."""
        return self.figures.class_index

    @property
    def class_name(self) -> str:
        """Name of the class."""
        return self.figures.class_name

    @property
    def grid(self) -> FloatGrid:
        """The class's map: float32 [rows, columns], the top row first.

        7 x 7 by default; then `grid.mean() + bias == logit`.
        """
        return self.figures.grid

    @property
    def maximum(self) -> float:
        """Largest value of the map."""
        return self.figures.maximum

    @property
    def mean(self) -> float:
        """Mean of the map."""
        return self.figures.mean

    @property
    def peak(self) -> tuple[int, int]:
        """Row and column of the largest cell of the map; a cell, no place: `centre` is that."""
        return self.figures.peak

    @property
    def centre(self) -> tuple[float, float] | None:
        """Where the evidence lies, x and y in pixels of the picture; None where there is none."""
        return self.figures.centre

    @property
    def extent(self) -> tuple[float, float] | None:
        """Width and height of the strong part of the map in pixels; None without a centre."""
        return self.figures.extent

    @property
    def is_approximate(self) -> bool:
        """Whether the map is that of the gradient, as the network's head has no exact one."""
        return self.figures.is_approximate

    @property
    def offset_px(self) -> tuple[float, float]:
        """Where the map is drawn, against an even grid, in pixels of the network's input."""
        return self.figures.offset_px

    @property
    def logit(self) -> float:
        """The class's logit."""
        return self.figures.logit

    @property
    def window(self) -> tuple[int, int]:
        """First row and column of the 7 x 7 cells that `logit` and `probability` are of."""
        return self.figures.window

    @property
    def probability(self) -> float:
        """The class's softmax over all classes of the model, 0 to 1."""
        return self.figures.probability

    def __repr__(self) -> str:
        said = (
            f"{figures.class_name} {100 * figures.probability:.1f} % (max {figures.maximum:.1f})"
            for figures in self.classes.values()
        )
        return f"Measurement({', '.join(said)}; {seen_words(self.seen, is_sure=self.is_sure)})"
