"""`livecam repair`: makes a playable video from an interrupted recording."""

from pathlib import Path

from livecam.cli.console import say
from livecam.core.formatting import counted


def run_repair(file: Path, output: Path | None, *, force: bool) -> int:
    """Write the repaired file; gives the exit code.

    Args:
        file: the interrupted recording; not changed.
        output: the new file; None for NAME_repaired beside it.
        force: overwrite the new file if it exists.

    Raises:
        LivecamError: nothing can be read, or the new file cannot be written.
    """
    # PyAV is imported only now: --help stays instant.
    from livecam.sinks.leftovers import remove_leftovers
    from livecam.sinks.recording.remux import is_whole_file, repair

    for folder in {file.parent, (output or file).parent}:
        leftovers = remove_leftovers(folder)
        if leftovers:
            say(leftovers)
    if output is None and is_whole_file(file):
        say(f"{file} is whole: nothing to repair, and no copy is made")
        return 0
    done = repair(file, output, force=force)
    frames = counted(done.frames, "frame")
    say(f"repaired into {done.path} ({frames}, {done.duration_s:.2f} s); {file} stays")
    return 0
