"""Links in a circle are a wrong name like others: one line and an exit code, no traceback."""

import re
from pathlib import Path

import pytest

import livecam
from livecam.cli.app import main
from livecam.native.real_path import real_path


@pytest.fixture
def circle(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = Path("circle.mp4")
    try:
        path.symlink_to(path)
    except OSError:
        pytest.skip("links cannot be made here")
    return path


def test_links_are_followed(circle, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "link").symlink_to("file")
    assert real_path(Path("link")) == (tmp_path / "file").resolve()
    assert real_path(circle).name == "circle.mp4"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["circle.mp4", "--stats", "-"], 3),
        (["circle.mp4", "--record", "out.mp4"], 3),
        (["daisy", "--frames", "1", "--record", "circle.mp4", "--force"], 5),
        (["daisy", "--frames", "1", "--stats", "circle.mp4/x.jsonl"], 2),
    ],
)
def test_a_circle_of_links_is_one_line(circle, arguments, code, capsys):
    assert main([*arguments, "--model", "flowers", "--no-window"]) == code
    assert "circle.mp4" in capsys.readouterr().err.splitlines()[-1]


def test_no_path_of_a_user_is_resolved_by_pathlib():
    """Its resolve() raises RuntimeError for a circle; the program's own file is none."""
    package = Path(livecam.__file__).parent
    found = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if re.search(r"(?<!Path\(__file__\))\.resolve\(\)", path.read_text("utf-8"))
    }
    assert found == {"native/real_path.py", "pipeline/screen_messages.py"}  # these say so
