"""What is measured of frames: alike in every part of an archive."""

from dataclasses import dataclass, field

from livecam.core.input_limits import DEFAULT_LIMITS, SizeLimits
from livecam.settings.schema import MapSettings


@dataclass(frozen=True, slots=True)
class MeasureOptions:
    """What is measured, alike in every segment.

    Attributes:
        classes: indices of the classes whose figures every row has.
        map: what the network sees of a frame, and where its maps lie.
        spacing_s: seconds between two looks; 0 for every frame.
        segment_s: length of a segment.
        features: whether rows have what the maps are computed from.
        boxes: whether rows have the things in the maps.
        limits: larger pictures are refused.
    """

    classes: tuple[int, ...]
    map: MapSettings = field(default_factory=MapSettings)
    spacing_s: float = 1.0
    segment_s: float = 600.0
    features: bool = False
    boxes: bool = False
    limits: SizeLimits = DEFAULT_LIMITS
