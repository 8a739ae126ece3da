"""Measures one segment of a clip, or some pictures: the rows of one part of an archive.

It knows nothing of who calls it: this process, one of a pool, or a machine of a cluster.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from livecam.assembly.look_measurer import LookMeasurer
from livecam.assembly.measure_options import MeasureOptions
from livecam.assembly.open_model import OpenedModel
from livecam.core.archive.frame_part import FramePart
from livecam.core.archive.measured_look import MeasuredLook
from livecam.core.archive.parts import SegmentStart
from livecam.errors import SourceError, SourceLostError
from livecam.sources.files.picture import UnreadablePictureError
from livecam.sources.files.timed_pictures import timed_pictures
from livecam.sources.looked_at_frames import LookedAtFrames
from livecam.sources.segment_frames import SegmentPlan


@dataclass(frozen=True, slots=True)
class SegmentRows:
    """What a segment gave.

    Attributes:
        rows: one a look, in order.
        later: where the clip's later segments begin; of its first one only.
        rate: frames per second of the clip; None where it is not known.
        problem: what could not be read, for the user; "" for nothing.
    """

    rows: list[MeasuredLook]
    later: tuple[SegmentStart, ...] = ()
    rate: float | None = None
    problem: str = ""


def measure_segment(
    model: OpenedModel, path: Path, start: SegmentStart | None, options: MeasureOptions
) -> SegmentRows:
    """Look at the frames of one segment of a clip.

    Args:
        model: the network.
        path: of the clip.
        start: where the segment begins; None for the beginning of the clip.
        options: what is measured.

    Raises:
        SourceError: the clip does not open, or has no frame that can be decoded.
    """
    measurer = LookMeasurer(model, options)
    plan = SegmentPlan(options.spacing_s, options.segment_s, measurer.look.box_in, start)
    frames = LookedAtFrames(path, plan, options.limits)
    rows = list(measurer.rows_of(frames))
    return SegmentRows(rows, frames.later, frames.rate, frames.problem)


@dataclass(frozen=True, slots=True)
class PictureRows:
    """What some pictures gave.

    Attributes:
        rows: one a picture; of an animation one a frame.
        problems: what could not be read, by number of the picture.
    """

    rows: list[MeasuredLook]
    problems: dict[int, str]


def measure_pictures(
    model: OpenedModel, paths: Mapping[int, Path], options: MeasureOptions
) -> PictureRows:
    """Look at some pictures; one that cannot be read is left out.

    Args:
        model: the network.
        paths: of the pictures, by the numbers that rows name them by.
        options: what is measured.
    """
    measurer = LookMeasurer(model, options)
    rows: list[MeasuredLook] = []
    problems: dict[int, str] = {}
    for number, path in paths.items():
        try:
            for index, picture in enumerate(timed_pictures(path, options.limits)):
                frame = picture.as_frame(index, picture.time_s, path)
                # One at a time: what is wrong with a later one takes none of these.
                part = FramePart.of(frame, measurer.look.box_in)
                rows += measurer.rows_of([part], number)
        except UnreadablePictureError as error:
            problems[number] = f"{path} {error}{f': {error.advice}' if error.advice else ''}."
        except (SourceError, SourceLostError) as error:
            problems[number] = str(error)
    return PictureRows(rows, problems)
