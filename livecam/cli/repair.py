"""`livecam repair`: an ordinary file from a recording that was killed."""

from pathlib import Path

from livecam.cli.console import say
from livecam.core.formatting import counted


def run_repair(file: Path, output: Path | None, *, force: bool) -> int:
    """Write the repaired file beside the old one; gives the exit code."""
    # PyAV is imported only now: --help stays instant.
    from livecam.sinks.recording.remux import repair

    done = repair(file, output, force=force)
    frames = counted(done.frames, "frame")
    say(f"repaired into {done.path} ({frames}, {done.duration_s:.2f} s); {file} stays")
    return 0
