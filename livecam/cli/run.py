"""`livecam run`: open the rig, run the loop, say how it went."""

import sys
from contextlib import ExitStack

from livecam.assembly.open_pipeline import open_rig, with_sink
from livecam.assembly.preflight import tell_idle_flags
from livecam.cli.console import is_watched, say
from livecam.cli.signals import Stopped, StopSignals
from livecam.core.formatting import counted
from livecam.core.types import Shot
from livecam.errors import ConsumerGoneError, LeftError
from livecam.pipeline import loop
from livecam.pipeline.run_summary import Tally
from livecam.settings.schema import Settings


def run_source(source_text: str, settings: Settings) -> int:
    """Run until the end; gives the exit code. Errors travel on as LivecamError."""
    counter = _Counter()
    with StopSignals() as signals:
        try:
            tally = _run(source_text, settings, signals, counter)
        except (Stopped, LeftError):  # while opening, or by a second signal
            tally = counter.tally
        except ConsumerGoneError:
            # Python would complain about the broken pipe once more when it exits.
            sys.stdout = None
            tally = counter.tally
    say(closing_line(tally))
    if tally.lost is not None:
        say(str(tally.lost))
        return tally.lost.exit_code
    return signals.exit_code or 0


class _Counter:
    """Counts shots, so that the sum is known also when the loop is broken off; a ports.Sink."""

    def __init__(self) -> None:
        self.tally = Tally()

    def show(self, shot: Shot) -> None:
        self.tally = self.tally.plus(shot)


def _run(source_text: str, settings: Settings, signals: StopSignals, counter: _Counter) -> Tally:
    with ExitStack() as stack:
        rig, view = open_rig(source_text, settings, stack, say=say, stop_asked=signals.stop_asked)
        tell_idle_flags(rig.source, source_text, settings, say)
        rig = with_sink(rig, counter)
        if not rig.screens and is_watched():
            from livecam.cli.progress import ProgressBar

            pace = settings.pace
            bar = stack.enter_context(ProgressBar(rig.source, pace.frames, pace.seconds))
            rig = with_sink(rig, bar)
        stack.callback(signals.close_undisturbed)
        signals.stop_asked()  # from here on a signal asks, and the loop answers
        return loop.run(rig, view)


def closing_line(tally: Tally) -> str:
    """One sentence that sums up: "600 frames in 21.3 s (28.2 FPS); strongest daisy 44.1 ..."."""
    if not tally.frames:
        return "ended before the first frame"
    frames = counted(tally.frames, "frame")
    timed = ""
    if tally.frames > 1 and tally.wall_s > 0:
        timed = f" in {tally.wall_s:.1f} s ({tally.frames / tally.wall_s:.1f} FPS)"
    return (
        f"{frames}{timed}; strongest {tally.best_class} {tally.best_maximum:.1f} "
        f"at {tally.best_time_s:.2f} s"
    )
