"""What the pipeline makes of a frame: crop box, activation map, figures, painted pictures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from livecam.core.map_offset import NO_OFFSET
from livecam.core.map_placement import MapPlacement
from livecam.core.picture_memory import Allocate, fresh
from livecam.core.types import Activation, BgrImage, CropBox, Frame
from livecam.core.view import View

if TYPE_CHECKING:  # what only some runs have
    from livecam.core.class_figures import ClassFigures
    from livecam.core.frame_judgement import FrameJudgement
    from livecam.core.located_object import LocatedObject
    from livecam.core.map_centre import MapCentre

Ranking = tuple[tuple[int, str, float], ...]
"""Classes as (index, name, probability), best first."""


def _nowhere() -> "MapCentre | None":
    return None


@dataclass(frozen=True)
class Stats:
    """The figures of one frame: what the screen shows and what `--stats` writes.

    Attributes:
        class_index: index of the class among the model's own classes.
        class_name: its first name.
        maximum: largest value of the grid (`max` in the output).
        mean: mean of the grid.
        peak: row and column of the largest cell, (0, 0) at the top left; a cell, no place (see
            `centre`).
        logit: the class's logit: the mean over the window + bias.
        probability: the class's softmax over all classes of the model.
        window: first row and column of the 7 x 7 cells that `logit` and `probability` are of.
        seen: name of the most probable class of all; None where that is "other".
        is_sure: whether that is probable enough for its model to be said without a doubt.
        is_approximate: whether the map is that of the gradient; see Activation.
        fps: frames per second over the last frames; None until two frames were seen.
        latency_ms: milliseconds that the work on the frame took.
        age_ms: milliseconds from the capture of the frame before this one to its appearance on
            the screen; None for what is not live, and for the first frame.
        model_ms: the part of `latency_ms` that the network took.
        ranked: computes `top` when it is asked for.
        located: computes `centre` and `extent` when they are asked for.
        measured: computes `classes` when it is asked for.
    """

    class_index: int
    class_name: str
    maximum: float
    mean: float
    peak: tuple[int, int]
    logit: float
    probability: float
    seen: str | None
    fps: float | None
    latency_ms: float
    age_ms: float | None = None
    model_ms: float = 0.0
    window: tuple[int, int] = (0, 0)
    is_sure: bool = True
    is_approximate: bool = False
    ranked: Callable[[], Ranking] = field(default=tuple, repr=False, compare=False)
    located: "Callable[[], MapCentre | None]" = field(default=_nowhere, repr=False, compare=False)
    measured: "Callable[[], Mapping[str, ClassFigures]]" = field(
        default=dict, repr=False, compare=False
    )

    @cached_property
    def _place(self) -> "MapCentre | None":
        return self.located()

    @property
    def centre(self) -> tuple[float, float] | None:
        """Where the evidence lies: x and y in pixels of the frame, from its top left corner.

        The centre of the part of the map above half its maximum (`core.map_centre`); None where
        the maximum is not above 0.
        """
        return None if self._place is None else self._place.centre

    @property
    def extent(self) -> tuple[float, float] | None:
        """Width and height of that part in pixels of the frame; None without a centre."""
        return None if self._place is None else self._place.extent

    @cached_property
    def top(self) -> Ranking:
        """The five most probable classes without "other", best first; sorted when asked for."""
        return self.ranked()

    @cached_property
    def classes(self) -> "Mapping[str, ClassFigures]":
        """Map and figures of every chosen class, where several are, by name, as in Measurement."""
        return self.measured()


@dataclass(frozen=True, slots=True)
class RecorderState:
    """How the recorder is doing: what the screen says beside the recording time.

    Attributes:
        dropped: frames that the encoder was too slow for, so far.
        minutes_left: how long the disk will last; None where not known yet.
        is_broken: the recording failed, although the view still asks for it.
        rate: frames per second that the encoder could do alone; None where not known yet.
        sound_level: largest amplitude of the last moment that the microphone of the recording gave,
            0 to 1; None without one.
    """

    dropped: int = 0
    minutes_left: float | None = None
    is_broken: bool = False
    rate: float | None = None
    sound_level: float | None = None


@dataclass(frozen=True, slots=True)
class Rates:
    """What each stage could do alone, in frames per second, before the present frame.

    None where not known yet, and for what is not live.

    Attributes:
        model: the network alone.
        paint: cropping and drawing alone.
        encoder: the recording alone.
        screen: window and page alone.
        limit: one sentence on what keeps the rate below what was asked, "" for nothing.
    """

    model: float | None = None
    paint: float | None = None
    encoder: float | None = None
    screen: float | None = None
    limit: str = ""


NO_RATES = Rates()


@dataclass(frozen=True, slots=True)
class RunStatus:
    """What the loop knows beside the frame at the moment that it is annotated.

    Attributes:
        fps: frames per second over the last frames; None where there is no rate yet.
        stands_still: whether the frame is held: in a pause, at the end.
        age_ms: milliseconds from the capture of the frame before to its appearance on the screen;
            None for what is not live.
        recording_s: seconds recorded so far; None while not recording.
        recorder: how the recorder is doing.
        message: one line for the user, "" for none.
        place: where a clip or a folder stands, "" where that is not to be shown.
        pauses: how many times the source was paused so far.
        gaps: how many times the source was lost and found again so far.
        rates: what each stage could do, and what limits the rate.
        judgement: of the frame that was judged last, while it is asked for; else None.
        engine: short name of what runs the network.
        source: the source's title.
        shows_rate: whether frames per second may be drawn: they are those of what is shown.
        at: wall-clock time at which the frame was taken, with its zone; None where nobody knows.
    """

    fps: float | None = None
    stands_still: bool = False
    age_ms: float | None = None
    recording_s: float | None = None
    recorder: RecorderState = RecorderState()
    message: str = ""
    place: str = ""
    pauses: int = 0
    gaps: int = 0
    rates: Rates = NO_RATES
    judgement: "FrameJudgement | None" = None
    at: datetime | None = None
    engine: str = ""
    source: str = ""
    shows_rate: bool = True


@dataclass(frozen=True, eq=False, repr=False)
class AnnotatedFrame:
    """One frame with crop box, activation, figures and annotated picture: what sinks receive.

    Attributes:
        frame: the untouched picture.
        box: what the network saw; also where heat was drawn.
        activation: grid and logits.
        stats: the figures drawn from them.
        view: the view that it was painted with.
        painted: the frame with its heat and without any text, uint8 BGR of the frame's size:
            what screens write on. Where no screen shows it, the same array as `picture`.
        status: what the loop knew beside the frame.
        waiting_for: what a status card in a recording says; "" where the frame is a real one.
        drawing: prepares outline and figures of a frame, and gives what puts them onto a copy of
            its `painted`, in place: that is `picture`; None where they are the same.
        offset_px: how far right and down of an even grid of cells the heat was drawn, x and y in
            pixels of the network's input.
        objects: the things found in the map, by number, with boxes in pixels of the frame as it is
            in `frame`, not mirrored; () where nobody asked for them.
        second: the other class of a pair, drawn in green; None where one class is drawn.
        allocate: gives the memory that pictures are drawn in, in any thread.
    """

    frame: Frame
    box: CropBox
    activation: Activation
    stats: Stats
    view: View
    painted: BgrImage
    status: RunStatus = RunStatus()
    waiting_for: str = ""
    drawing: "Callable[[AnnotatedFrame], Callable[[BgrImage], None]] | None" = None
    offset_px: tuple[float, float] = NO_OFFSET
    objects: "tuple[LocatedObject, ...]" = ()
    second: "ClassFigures | None" = None
    allocate: Allocate = fresh

    @property
    def placement(self) -> MapPlacement:
        """Where the cells of the map lie in the frame."""
        return MapPlacement.of(self.box, self.activation.grid, self.offset_px)

    @property
    def has_rate(self) -> bool:
        """Whether frames per second mean something: not those of what stands still."""
        stands_still = self.frame.is_photograph or self.status.stands_still
        return self.status.shows_rate and not stands_still

    def __repr__(self) -> str:
        frame, stats = self.frame, self.stats
        return (
            f"AnnotatedFrame({frame.index} at {frame.time_s:.3f} s: {stats.class_name} "
            f"{100 * stats.probability:.1f} %, max {stats.maximum:.1f})"
        )

    @cached_property
    def draw(self) -> Callable[[BgrImage], None] | None:
        """Puts square and figures onto a copy of `painted`, in place, in any thread.

        Ask for it in the thread of the loop: letters are drawn with the first call, and OpenCV
        sets up its fonts anew in each thread.
        """
        return None if self.drawing is None else self.drawing(self)

    @cached_property
    def picture(self) -> BgrImage:
        """The annotated picture: heat, outline and figures, uint8 BGR of the frame's size.

        What recordings, snapshots and the library hold; never the user interface.
        """
        return self.drawn()

    def drawn(self) -> BgrImage:
        """`picture`, which is not kept here: its memory is that of whoever asks."""
        if self.draw is None:
            return self.painted
        picture = BgrImage(self.allocate(self.painted.shape))
        picture[:] = self.painted
        self.draw(picture)
        return picture
