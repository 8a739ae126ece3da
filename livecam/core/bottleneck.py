"""What limits the rate: measured stages in, one plain sentence out."""

from dataclasses import dataclass

from livecam.core.annotated_frame import AnnotatedFrame, Rates, RecorderState

ENOUGH = 0.9
"""Nine tenths of what was asked for is as good as all of it."""

NEAR = 2.0
"""A stage that alone could do twice what is got is not what limits it."""

WHOLE = 0.8
"""So much of the time between two pictures the stages together must take to be what limits it."""

EVERY_S = 1.0
_SMOOTHING = 0.1


@dataclass(frozen=True, slots=True)
class Stages:
    """What each stage could do, in frames per second; None where not known.

    Attributes:
        wanted: the rate that was asked for, or that the source announces.
        got: what is shown.
        source: what the camera or sender gives.
        model: what the network could do alone.
        paint: what the drawing could do alone.
        screen: what the window could do alone.
        encoder_drops: frames that the recording has lost in the last second.
    """

    wanted: float | None
    got: float | None
    source: float | None = None
    model: float | None = None
    paint: float | None = None
    screen: float | None = None
    encoder_drops: int = 0


def limiting_sentence(
    stages: Stages, *, source_is_camera: bool = True, smaller_alpha: float | None = None
) -> str:
    """The one thing that keeps the rate below what was asked, and what to do; "" if nothing does.

    Args:
        stages: what was measured.
        source_is_camera: a camera, and not a sender in the network.
        smaller_alpha: the --alpha of the next smaller network; None where there is none.
    """
    if stages.encoder_drops:
        return f"the recording loses frames: {recording_way_out(source_is_camera=source_is_camera)}"
    wanted, got = stages.wanted, stages.got
    if wanted is None or got is None or got >= ENOUGH * wanted:
        return ""
    if stages.source is not None and stages.source < ENOUGH * wanted:
        rates = f"gives {stages.source:.0f} of {wanted:.0f} fps"
        if source_is_camera:
            return f"the camera {rates}: dim light or USB"
        return f"the sender {rates}: it, or the network"
    smaller = "try a smaller --size" if source_is_camera else "ask the sender for smaller pictures"
    way_out = f"try --alpha {smaller_alpha}" if smaller_alpha else "close other programs"
    return _slowest(stages, got, way_out, smaller)


def recording_way_out(
    codec: str = "h264", quality: str = "good", *, source_is_camera: bool = True
) -> str:
    """What to do where the recording loses frames, other than it is done already."""
    ways = ["--quality small"] if quality != "small" else []
    if codec != "h264":  # all others take longer
        ways = ["--codec h264"]
    ways += ["a smaller --size"] if source_is_camera else []
    return f"try {' or '.join(ways)}" if ways else "ask the sender for smaller pictures"


def _slowest(stages: Stages, got: float, model_way_out: str, smaller: str) -> str:
    """The stage that by itself, or together with the others, makes the rate what it is."""
    named = {
        f"the model is the limit: {model_way_out}": stages.model,
        f"drawing is the limit: {smaller}": stages.paint,
        "the window is the limit: make it smaller": stages.screen,
    }
    known = {words: rate for words, rate in named.items() if rate}
    slowest = min(known, key=lambda words: known[words], default="")
    if slowest and known[slowest] < NEAR * got:
        return slowest
    if got * sum(1.0 / rate for rate in known.values()) >= WHOLE:
        return f"all stages together are the limit: {model_way_out}"
    return ""  # the machine is busy with something else, or waits: nothing that could be named


class SmoothedDuration:
    """A duration, smoothed over about ten frames."""

    def __init__(self) -> None:
        self.seconds: float | None = None

    def add(self, seconds: float) -> None:
        """One measurement more."""
        before = seconds if self.seconds is None else self.seconds
        self.seconds = before + _SMOOTHING * (seconds - before)

    @property
    def rate(self) -> float | None:
        """How many such durations go into a second."""
        return 1.0 / self.seconds if self.seconds else None


class BottleneckMonitor:
    """Measures the stages of a run and says, once a second, what limits it."""

    def __init__(
        self,
        wanted: float | None,
        *,
        source_is_camera: bool = True,
        smaller_alpha: float | None = None,
    ) -> None:
        """`wanted` pictures per second, None for all that the source gives.

        For the others see `limiting_sentence`.
        """
        self._wanted, self._is_camera, self._smaller = wanted, source_is_camera, smaller_alpha
        self._model, self._paint, self._screen = (
            SmoothedDuration(),
            SmoothedDuration(),
            SmoothedDuration(),
        )
        self._judged_s: float | None = None
        self._dropped = 0
        self._before = ""
        self._sentence = ""

    def after(
        self,
        annotated: AnnotatedFrame,
        now_s: float,
        screen_s: float | None,
        recorder: RecorderState,
    ) -> Rates:
        """What each stage could do, and what limits the rate.

        What is true for a second only is not said.

        Args:
            annotated: the last one.
            now_s: the clock.
            screen_s: how long it took to show it; None where there is no screen.
            recorder: how the recording is doing.
        """
        stats = annotated.stats
        if stats.model_ms:  # else the map was held: see --every
            self._model.add(stats.model_ms / 1000.0)
        self._paint.add((stats.latency_ms - stats.model_ms) / 1000.0)
        if screen_s is not None:
            self._screen.add(screen_s)
        if self._judged_s is None:
            self._judged_s, self._dropped = now_s, recorder.dropped
        if now_s - self._judged_s >= EVERY_S:
            self._judge(annotated, recorder.dropped)
            self._judged_s = now_s
        return Rates(
            self._model.rate, self._paint.rate, recorder.rate, self._screen.rate, self._sentence
        )

    def _judge(self, annotated: AnnotatedFrame, dropped: int) -> None:
        source = annotated.frame.source_rate
        wanted = source if self._wanted is None else self._wanted
        stages = Stages(
            wanted, annotated.stats.fps, source,
            self._model.rate, self._paint.rate, self._screen.rate,
            encoder_drops=dropped - self._dropped,
        )  # fmt: skip
        self._dropped = dropped
        found = limiting_sentence(
            stages, source_is_camera=self._is_camera, smaller_alpha=self._smaller
        )
        kind, kind_before = found.partition(" gives ")[0], self._before.partition(" gives ")[0]
        self._sentence = found if kind == kind_before else self._sentence if found else ""
        self._before = found
