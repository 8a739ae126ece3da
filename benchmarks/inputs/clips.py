"""The clip that is measured on, and the same clip as livecam annotates it."""

from benchmarks.harness.subprocesses import run_python
from benchmarks.inputs.scratch_folder import ScratchFolder

CLIP_FRAMES = 330


def make_clip(scratch: ScratchFolder) -> None:
    """Record the synthetic scene where there is no clip in ../shared."""
    if not scratch.clip.exists():
        scene = ["daisy", "--model", "flowers", "--scene-size", "1280x720"]
        _record([*scene, "--frames", CLIP_FRAMES, "--record", scratch.clip], scratch)


def make_annotated_clip(scratch: ScratchFolder) -> None:
    """Record what bare transcoding gets: the same pictures that livecam's encoder gets."""
    model = ["--weights", scratch.weights, "--frames", CLIP_FRAMES]
    _record([scratch.clip, *model, "--record", scratch.annotated_clip, "--force"], scratch)


def _record(arguments: list[object], scratch: ScratchFolder) -> None:
    run_python(["-m", "livecam", "run", *arguments, "--no-window"], scratch)
