"""Settings files of other editors, and in folders that may not be entered."""

import errno
from pathlib import Path

import pytest

from livecam.cli.app import main


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An empty current folder, and no file of the user's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("livecam.settings.precedence.user_file", lambda: None)
    return tmp_path


def test_a_file_in_a_folder_that_may_not_be_entered_is_named(capsys, place, monkeypatch):
    """Root may enter every folder, so the system's answer is put in its place."""
    examined = Path.exists

    def exists(path, **options):
        if "closed" in path.parts:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return examined(path, **options)

    monkeypatch.setattr(Path, "exists", exists)
    assert main(["config", "--config", "closed/x.toml"]) == 2
    said = capsys.readouterr().err
    assert "closed/x.toml cannot be read (Permission denied): correct its permissions." in said


def test_a_file_saved_by_an_editor_of_windows_is_read(capsys, place):
    (place / "livecam.toml").write_bytes(b"\xef\xbb\xbfopacity = 0.25\r\n")
    assert main(["config"]) == 0
    assert "opacity = 0.25" in capsys.readouterr().out
    (place / "livecam.toml").write_text("opacity = 0.25\n", "utf-16")
    assert main(["config"]) == 2
    assert "livecam.toml is no UTF-8 text: save it" in capsys.readouterr().err
