"""`livecam run` without window, page and recording starts without what only those need."""

import json

from support import SHARED, fresh_python

NOT_NEEDED = (
    "livecam.core.annotated_picture",
    "livecam.sinks.picture_files",
    "livecam.sinks.recording.recorder",
    "livecam.sinks.window",
    "livecam.web",
    "PIL", "asyncio", "concurrent", "email", "fastapi", "http", "pygame", "rich", "segno", "ssl",
    "starlette", "tensorflow", "uvicorn", "xml",
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
            "--stats", {stats!r}]
code = main()
print(json.dumps([code, assembled, sorted(sys.modules)]))
"""


def started(tmp_path):
    """What a run of one frame gave: exit code, commands whose arguments were read, modules."""
    stats = tmp_path / "figures.jsonl"
    program = PROGRAM.format(source=str(SHARED / "video/decord_video_0.mov"), stats=str(stats))
    given = fresh_python(program)
    assert len(stats.read_text("utf-8").splitlines()) == 1
    return json.loads(given.stdout.splitlines()[-1])


def test_a_run_for_figures_alone_starts_with_nothing_for_windows_and_recordings(tmp_path):
    code, assembled, modules = started(tmp_path)
    assert code == 0
    brought = {
        name for name in modules for unneeded in NOT_NEEDED if f"{name}.".startswith(f"{unneeded}.")
    }
    assert not brought
    assert assembled == ["run"]  # more than eighty arguments, 30 ms each time
