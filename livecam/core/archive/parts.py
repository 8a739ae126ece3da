"""Parts of an archive: what one worker measures at a time, and one file of the table holds.

A part is a segment of a clip, or so many pictures.
"""

from dataclasses import dataclass

PICTURES_PER_PART = 100
"""A file for each picture would be slow to make and to read."""


@dataclass(frozen=True, slots=True)
class SegmentStart:
    """Where in a clip a segment after the first one lies: it begins at a key frame.

    Attributes:
        number: of the segment; there may be gaps.
        timestamp: of the key frame, in the stream's own units.
        packets: so many of the stream's packets lie before it in the file.
        zero_timestamp: of the first frame of the clip, from which times count.
        begins_s: the key frame's time.
        ends_s: time of the first frame of the next segment; None where it is the last one.
    """

    number: int
    timestamp: int
    packets: int
    zero_timestamp: int
    begins_s: float
    ends_s: float | None = None
