"""`livecam run`: open the rig, run the loop, say how it went."""

import sys
from contextlib import ExitStack

from livecam import loop
from livecam.cli.console import say
from livecam.cli.progress import ProgressBar
from livecam.cli.signals import Stopped, StopSignals
from livecam.errors import ConsumerGoneError
from livecam.loop import Tally
from livecam.rig import open_rig, with_sink
from livecam.settings import Settings


def run_source(source_text: str, settings: Settings) -> int:
    """Run until the end; gives the exit code. Errors travel on as LivecamError."""
    with StopSignals() as signals:
        try:
            tally = _run(source_text, settings, signals)
        except Stopped:
            say("stopped before the first frame")
            return signals.exit_code or 1
        except ConsumerGoneError:
            # Python would complain about the broken pipe once more when it exits.
            sys.stdout = None
            return 0
    say(closing_line(tally))
    if tally.lost is not None:
        say(str(tally.lost))
        return tally.lost.exit_code
    return signals.exit_code or 0


def _run(source_text: str, settings: Settings, signals: StopSignals) -> Tally:
    with ExitStack() as stack:
        rig, view = open_rig(source_text, settings, stack, say=say, stop_asked=signals.stop_asked)
        if rig.screen is None:
            bar = stack.enter_context(ProgressBar(rig.source, settings.pace.frames))
            rig = with_sink(rig, bar)
        return loop.run(rig, view)


def closing_line(tally: Tally) -> str:
    """One sentence that sums up: "600 frames in 21.3 s (28.2 FPS); daisy at most 44.1 ..."."""
    if not tally.frames:
        return "no frame was shown"
    frames = "1 frame" if tally.frames == 1 else f"{tally.frames} frames"
    rate = f" ({tally.frames / tally.wall_s:.1f} FPS)" if tally.wall_s > 0 else ""
    return (
        f"{frames} in {tally.wall_s:.1f} s{rate}; strongest {tally.best_class} "
        f"{tally.best_maximum:.1f} at {tally.best_time_s:.2f} s"
    )
