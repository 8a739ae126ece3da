"""What the pipeline makes of a frame: crop box, activation map, figures, annotated picture."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from livecam.core.types import Activation, BgrImage, CropBox, Frame
from livecam.core.view import View

Ranking = tuple[tuple[int, str, float], ...]
"""Classes as (index, name, probability), best first."""


@dataclass(frozen=True)
class Stats:
    """The figures of one frame: what the screen shows and what `--stats` writes.

    Attributes:
        class_index: index of the class among the model's own classes.
        class_name: its first name.
        maximum: largest value of the grid (`max` in the output).
        mean: mean of the grid.
        peak: row and column of the maximum, (0, 0) at the top left.
        logit: the class's logit: `mean` + bias.
        probability: the class's softmax over all classes of the model.
        seen: name of the most probable class of all; None where that is "other".
        fps: frames per second over the last frames; None until two frames were seen.
        latency_ms: milliseconds that the work on the frame took.
        age_ms: milliseconds from the capture of the frame before this one to its appearance on
            the screen; None for what is not live, and for the first frame.
        model_ms: the part of `latency_ms` that the network took.
        ranked: computes `top` when it is asked for.
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
    ranked: Callable[[], Ranking] = field(default=tuple, repr=False, compare=False)

    @cached_property
    def top(self) -> Ranking:
        """The five most probable classes without "other", best first; sorted when asked for."""
        return self.ranked()


@dataclass(frozen=True, slots=True)
class RecorderState:
    """How the recorder is doing: what the screen says beside the recording time.

    Attributes:
        dropped: frames that the encoder was too slow for, so far.
        minutes_left: how long the disk will last; None where not known yet.
        is_broken: the recording failed, although the view still asks for it.
        rate: frames per second that the encoder could do alone; None where not known yet.
    """

    dropped: int = 0
    minutes_left: float | None = None
    is_broken: bool = False
    rate: float | None = None


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
        age_ms: milliseconds from the capture of the frame before to its appearance on the screen;
            None for what is not live.
        recording_s: seconds recorded so far; None while not recording.
        recorder: how the recorder is doing.
        notification: one line for the user, "" for none.
        pauses: how many times the source was paused so far.
        gaps: how many times the source was lost and found again so far.
        rates: what each stage could do, and what limits the rate.
    """

    fps: float | None = None
    age_ms: float | None = None
    recording_s: float | None = None
    recorder: RecorderState = RecorderState()
    notification: str = ""
    pauses: int = 0
    gaps: int = 0
    rates: Rates = NO_RATES


@dataclass(frozen=True, slots=True, eq=False)
class AnnotatedFrame:
    """One frame with crop box, activation, figures and annotated picture: what sinks receive.

    Attributes:
        frame: the untouched picture.
        box: the square that the network saw; also where heat was drawn.
        activation: grid and logits.
        stats: the figures drawn from them.
        view: the view that it was painted with.
        picture: the annotated picture, uint8 BGR, same size as the frame.
        status: what the loop knew beside the frame.
        waiting_for: what a status card in a recording says; "" where the frame is a real one.
    """

    frame: Frame
    box: CropBox
    activation: Activation
    stats: Stats
    view: View
    picture: BgrImage
    status: RunStatus = RunStatus()
    waiting_for: str = ""
