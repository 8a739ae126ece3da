"""`livecam run` without window, page and recording starts without what only those need."""

import json

import cv2
from support import fresh_python, textured

NOT_NEEDED = (
    # Commands of their own, and what only they need.
    "livecam.assembly.judging",
    "livecam.assembly.live_teaching",
    "livecam.assembly.teaching",
    "livecam.cli.accuracy_command",
    "livecam.cli.judge_command",
    "livecam.cli.models_command",
    "livecam.cli.repair_command",
    "livecam.cli.teach_command",
    "livecam.cli.usage_errors",
    "livecam.core.conditions",
    "livecam.core.map_quality",
    "livecam.core.teaching",
    "livecam.core.watching",
    "livecam.settings.notify",
    "livecam.settings.watch",
    # What is drawn, found and judged where a screen or a flag asks for it.
    "livecam.core.annotated_picture",
    "livecam.core.bounding_box",
    "livecam.core.class_figures",
    "livecam.core.events",
    "livecam.core.key_bindings",
    "livecam.core.located_object",
    "livecam.core.object_boxes",
    "livecam.core.object_finder",
    "livecam.core.object_tracker",
    "livecam.core.screen_layer",
    "livecam.core.status_card",
    "livecam.core.text",
    "livecam.pipeline.judging_task",
    "livecam.pipeline.object_following",
    # Networks that are not the one that runs.
    "livecam.models.formats",
    "livecam.models.int8_quantisation",
    "livecam.models.surgery",
    "livecam.native.tensorflow",
    # Files that nobody asked for.
    "livecam.sinks.earlier_files",
    "livecam.sinks.leftovers",
    "livecam.sinks.picture_files",
    "livecam.sinks.recording",
    "livecam.sinks.recording_index",
    "livecam.sinks.scale_measurement",
    "livecam.sinks.window",
    "livecam.sources.microphone",
    "livecam.web",
    "PIL", "asyncio", "concurrent", "email", "fastapi", "h5py", "http", "pygame", "rich", "segno",
    "sounddevice", "ssl", "starlette", "tensorflow", "uvicorn", "xml",
)  # fmt: skip

PROGRAM = """
import json, sys
from cyclopts import App
from livecam.__main__ import main

assembled, assemble = [], App.assemble_argument_collection

def counted(app, **options):
    assembled.append(app.name[0])
    return assemble(app, **options)

App.assemble_argument_collection = counted
sys.argv = ["livecam", "run", {source!r}, "--model", "flowers", "--frames", "1", "--no-window",
            "--stats", {stats!r}, *{more!r}]
code = main()
print(json.dumps([code, assembled, sorted(sys.modules)]))
"""


def started(source, stats="-", *more):
    """What a run of one frame gave: exit code, commands whose arguments were read, modules."""
    more = list(map(str, more))
    given = fresh_python(PROGRAM.format(source=str(source), stats=str(stats), more=more))
    return json.loads(given.stdout.splitlines()[-1])


def not_needed_of(modules):
    """The modules that nobody needed."""
    return {
        name for name in modules for unneeded in NOT_NEEDED if f"{name}.".startswith(f"{unneeded}.")
    }


def test_a_run_for_figures_alone_starts_with_nothing_for_windows_and_recordings(shared, tmp_path):
    stats = tmp_path / "figures.jsonl"
    code, assembled, modules = started(shared / "video/decord_video_0.mov", stats)
    assert code == 0
    assert len(stats.read_text("utf-8").splitlines()) == 1
    assert not not_needed_of(modules)
    assert assembled == ["run"]  # more than eighty arguments, 30 ms each time


def test_with_a_settings_file_it_is_the_same(tmp_path):
    settings, photograph = tmp_path / "my.toml", tmp_path / "photograph.png"
    settings.write_text("opacity = 0.4\n")
    assert cv2.imwrite(str(photograph), textured(320, 240))
    code, _, modules = started(photograph, "-", "--config", settings)
    assert code == 0
    assert not not_needed_of(modules)


def test_a_photograph_takes_neither_a_decoder_of_clips_nor_locks_of_files(tmp_path):
    photograph = tmp_path / "photograph.png"
    assert cv2.imwrite(str(photograph), textured(320, 240))
    code, _, modules = started(photograph)
    assert code == 0
    assert not not_needed_of(modules)
    assert not {"av", "filelock", "livecam.sources.clip"} & set(modules)
    own = [name for name in modules if name.startswith("livecam.")]
    # Each takes a millisecond. One more for every run is right; what some runs need comes late.
    assert len(own) <= 160, own
