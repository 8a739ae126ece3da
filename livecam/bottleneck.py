"""What limits the rate: measured stages in, one plain sentence out."""

from dataclasses import dataclass

from livecam.values import RecorderState, Shot

ENOUGH = 0.9
"""Nine tenths of what was asked for is as good as all of it."""

EVERY_S = 1.0
_SMOOTHING = 0.1


@dataclass(frozen=True, slots=True)
class Stages:
    """What each part of the way could do, in pictures per second; None where nobody knows.

    Attributes:
        wanted: what was asked for, or is promised by the source.
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
    stages: Stages, *, source_is_camera: bool = True, smaller_model: str = ""
) -> str:
    """The one thing that keeps the rate below what was asked, and what to do; "" if nothing does.

    Args:
        stages: what was measured.
        source_is_camera: a camera, and not a sender in the network.
        smaller_model: the setting that makes the network faster; "" where there is none.
    """
    if stages.encoder_drops:
        return "the recording loses frames: try --quality small or a smaller --size"
    wanted, got = stages.wanted, stages.got
    if wanted is None or got is None or got >= ENOUGH * wanted:
        return ""
    if stages.source is not None and stages.source < ENOUGH * wanted:
        rates = f"gives {stages.source:.0f} of {wanted:.0f} fps"
        if source_is_camera:
            return f"the camera {rates}: dim light or USB"
        return f"the sender {rates}: it, or the network"
    known = {
        f"the model is the limit: {smaller_model or 'close other programs'}": stages.model,
        "drawing is the limit: try a smaller --size": stages.paint,
        "the window is the limit: make it smaller": stages.screen,
    }
    rates_known = {words: rate for words, rate in known.items() if rate is not None}
    if not rates_known:
        return ""
    return min(rates_known, key=lambda words: rates_known[words])


class Smoothed:
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


class Gauge:
    """Measures the stages of a run and says, once a second, what limits it."""

    def __init__(
        self, wanted: float | None, *, source_is_camera: bool = True, smaller_model: str = ""
    ) -> None:
        """`wanted` pictures per second, None for all that the source gives.

        For the others see `limiting_sentence`.
        """
        self._wanted, self._is_camera, self._smaller = wanted, source_is_camera, smaller_model
        self._model, self._paint, self._screen = Smoothed(), Smoothed(), Smoothed()
        self._judged_s: float | None = None
        self._dropped = 0
        self._before = ""
        self.sentence = ""

    def after(self, shot: Shot, now_s: float, screen_s: float, recorder: RecorderState) -> str:
        """What limits the rate; what is true for a second only is not said.

        Args:
            shot: the last one.
            now_s: the clock.
            screen_s: how long it took to show it.
            recorder: how the recording is doing.
        """
        stats, source, got = shot.stats, shot.frame.source_rate, shot.stats.fps
        dropped = recorder.dropped
        self._model.add(stats.model_ms / 1000.0)
        self._paint.add((stats.latency_ms - stats.model_ms) / 1000.0)
        self._screen.add(screen_s)
        if self._judged_s is None:
            self._judged_s, self._dropped = now_s, dropped
        if now_s - self._judged_s < EVERY_S:
            return self.sentence
        wanted = source if self._wanted is None else self._wanted
        stages = Stages(
            wanted, got, source, self._model.rate, self._paint.rate, self._screen.rate,
            encoder_drops=dropped - self._dropped,
        )  # fmt: skip
        self._judged_s, self._dropped = now_s, dropped
        found = limiting_sentence(
            stages, source_is_camera=self._is_camera, smaller_model=self._smaller
        )
        kind, kind_before = found.partition(" gives ")[0], self._before.partition(" gives ")[0]
        self.sentence = found if kind == kind_before else self.sentence if found else ""
        self._before = found
        return self.sentence
