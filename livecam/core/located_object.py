"""A thing found in a frame: its box, how sure it is, and its number from frame to frame."""

from dataclasses import dataclass
from typing import Any

from livecam.core.bounding_box import Box


@dataclass(frozen=True, slots=True)
class LocatedObject:
    """A thing of one class in one frame.

    Attributes:
        box: where it is, in pixels of the frame.
        score: how sure it is, 0 to 1.
        id: the same number for the same thing in all frames of a source; 0 where nobody follows it
            from frame to frame, as in a picture.
        class_name: what it is.
    """

    box: Box
    score: float
    id: int = 0
    class_name: str = ""


def object_record(located: LocatedObject) -> dict[str, Any]:
    """The object as `--stats` writes it: id, class, score, box [x, y, width, height]."""
    return {
        "id": located.id,
        "class": located.class_name,
        "score": round(located.score, 4),
        "box": [round(value, 1) for value in located.box.xywh()],
    }
