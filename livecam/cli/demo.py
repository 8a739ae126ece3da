"""`livecam demo`: the daisy scene with the flowers model, without camera and network."""

from collections.abc import Container
from dataclasses import replace
from pathlib import Path

from livecam.cli.console import say
from livecam.cli.run import run_source
from livecam.native.real_path import real_path
from livecam.settings.schema import Settings
from livecam.sinks.display_check import display_problem
from livecam.sinks.output_paths import reserve_free_name

RECORDING = "livecam-demo.mp4"
RECORDING_S = 10.0


def run_demo(settings: Settings, given: Container[str]) -> int:
    """Show the daisy scene, or record ten seconds of it where there is no display.

    Args:
        settings: what the user asked for.
        given: names of the settings that are not at their defaults.
    """
    settings = demo_settings(settings, given)
    has_no_window = settings.window.window is False or display_problem() is not None
    if has_no_window and settings.output.record is None and not settings.serve.serve:
        settings = _with_recording(settings)
    code = run_source("daisy", settings)
    if code == 0:
        if settings.output.record is not None:
            say(f"the recording is {real_path(settings.output.record)}")
        say("next, a camera: livecam            (or livecam --model flowers, offline)")
        say("next, a clip:   livecam clip.mp4 --model flowers --record annotated.mp4")
    return code


def demo_settings(settings: Settings, given: Container[str]) -> Settings:
    """The demo's own defaults: the flowers model, and other objects beside the daisy."""
    if "model" not in given:
        settings = replace(settings, model=replace(settings.model, model="flowers"))
    if "scene-others" not in given:
        settings = replace(settings, scene=replace(settings.scene, scene_others=True))
    return settings


def _with_recording(settings: Settings) -> Settings:
    pace = settings.pace
    if pace.frames is None and pace.seconds is None:
        pace = replace(pace, seconds=RECORDING_S)
    path = Path(RECORDING) if settings.output.force else free_recording(Path())
    return replace(settings, pace=pace, output=replace(settings.output, record=path))


def free_recording(folder: Path) -> Path:
    """The name of the demo's recording, or the next one with a number: nothing is overwritten."""
    name = Path(RECORDING)
    lock = reserve_free_name(folder, name.stem, name.suffix, lambda path: [path])
    lock.release()  # the run takes it again
    return lock.path
