"""The judgement of one frame (key e): its curves so far, and a small picture of the frame."""

from dataclasses import dataclass

from livecam.core.map_quality.deletion_insertion import ALL_POINTS, JudgedCurves
from livecam.core.short_repr import ShortRepr
from livecam.core.types import BgrImage


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FrameJudgement(ShortRepr):
    """What is known so far about one frame's map.

    Attributes:
        number: counts the judgements of a run, from 1.
        class_name: whose map is judged.
        curves: of deletion and insertion; they grow.
        picture: what the network saw with its map, small: which frame it is about. uint8 BGR.
    """

    number: int
    class_name: str
    curves: JudgedCurves
    picture: BgrImage

    @property
    def probability(self) -> float | None:
        """The class's probability in the whole frame; None before it is known."""
        return self.curves.deletion[0] if self.curves.deletion else None

    @property
    def share_done(self) -> float:
        """How much of it is computed, 0 to 1."""
        return self.curves.points / ALL_POINTS
