"""How soon the first frame is there, as data or in the window, and how much memory it takes."""

from statistics import median

from benchmarks.harness.subprocesses import json_of, run_python
from benchmarks.harness.virtual_display import display_environment
from benchmarks.inputs.scratch_folder import ScratchFolder
from benchmarks.report.tables import Row

TURNS = 4


def rows(scratch: ScratchFolder) -> list[Row]:
    """`livecam run CLIP --frames 1` against `import tensorflow`, taking turns; the window."""
    run = ["-m", "livecam", "run", scratch.clip, "--weights", scratch.weights]
    run += ["--frames", 1, "--no-window", "--stats", "-"]
    livecam, tensorflow = [], []
    for turn in range(TURNS + 1):
        found = run_python(run, scratch), run_python(["-c", "import tensorflow"], scratch)
        if turn:  # the first fills the caches
            livecam.append(found[0])
            tensorflow.append(found[1])
    livecam_s, tensorflow_s = (median(f.wall_s for f in ran) for ran in (livecam, tensorflow))
    times = tensorflow_s / livecam_s
    return [
        Row("`livecam run CLIP --frames 1 --no-window --stats -`", "", f"{livecam_s:.2f} s"),
        Row('`python -c "import tensorflow"`', "", f"{tensorflow_s:.2f} s"),
        Row("`import tensorflow` over `livecam run CLIP --frames 1`", "at least 3 x",
            f"{times:.1f} x", times >= 3.0),
        memory_row(max(ran.peak_mb for ran in livecam)),
        window_row(scratch),
    ]  # fmt: skip


def memory_row(peak_mb: float) -> Row:
    what, target = "peak memory of that `livecam run`", "at most 300 MB"
    if not peak_mb:
        return Row(what, target, "not reported by this system")
    return Row(what, target, f"{peak_mb:.0f} MB", peak_mb <= 300)


def window_row(scratch: ScratchFolder) -> Row:
    """How soon the window shows the source: the clip, played in real time as a camera would be."""
    what, target = "first window after `livecam CLIP` is typed", "picture in less than 1 s"
    worker = ["-m", "benchmarks.startup.first_window_worker", scratch.clip]
    worker += ["--weights", scratch.weights, "--window"]
    try:
        with display_environment() as display:
            found = [json_of(worker, scratch, display) for _ in range(TURNS)]
    except RuntimeError as error:
        return Row(what, target, f"not measured: {error}")
    window_s, picture_s = (median(f[name] for f in found[1:]) for name in ("window", "picture"))
    measured = f"window after {window_s:.2f} s, picture of the source after {picture_s:.2f} s"
    return Row(what, target, measured, picture_s < 1.0)
