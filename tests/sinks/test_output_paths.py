"""Names of output files, and the rule that nothing is overwritten without --force."""

from datetime import datetime
from pathlib import Path

import pytest

from livecam.errors import SettingsError, SinkError
from livecam.sinks.output_paths import dated_path, made_folder, refuse_existing

EVENING = datetime(2026, 1, 2, 23, 4, 5)  # noqa: DTZ001  (wall clock)


def test_a_new_name_in_a_folder_that_exists_is_accepted(tmp_path, monkeypatch):
    refuse_existing(tmp_path / "new.mp4", force=False)
    monkeypatch.chdir(tmp_path)
    refuse_existing(Path("new.mp4"), force=False)


def test_an_existing_file_is_refused_unless_forced(tmp_path):
    path = tmp_path / "old.mp4"
    path.touch()
    with pytest.raises(SettingsError, match=r"old\.mp4 exists already.*--force"):
        refuse_existing(path, force=False)
    refuse_existing(path, force=True)


@pytest.mark.parametrize("force", [False, True])
def test_a_folder_is_refused_even_when_forced(force, tmp_path):
    with pytest.raises(SettingsError, match="is a folder"):
        refuse_existing(tmp_path, force=force)


@pytest.mark.parametrize("force", [False, True])
def test_a_folder_that_is_missing_is_named(force, tmp_path):
    with pytest.raises(SettingsError, match=r"the folder .*missing does not exist"):
        refuse_existing(tmp_path / "missing" / "new.mp4", force=force)


def test_a_name_that_is_too_long_is_a_settings_error():
    with pytest.raises(SettingsError, match="name"):
        refuse_existing(Path("n" * 5000 + ".mp4"), force=False)


def test_dated_names_sort_by_time_and_have_only_characters_that_all_systems_allow(tmp_path):
    path = dated_path(tmp_path, EVENING, ".png")
    assert path == tmp_path / "livecam_2026-01-02_23-04-05.png"


def test_dated_names_count_on_until_one_is_free(tmp_path):
    made = []
    for _ in range(4):
        made.append(dated_path(tmp_path, EVENING, ".png"))
        made[-1].touch()
    stem = "livecam_2026-01-02_23-04-05"
    assert [path.name for path in made] == [
        f"{stem}.png",
        f"{stem}_2.png",
        f"{stem}_3.png",
        f"{stem}_4.png",
    ]


def test_a_missing_folder_is_made_with_its_parents(tmp_path):
    assert made_folder(tmp_path / "a" / "b").is_dir()
    assert made_folder(tmp_path / "a" / "b").is_dir()


def test_a_folder_that_cannot_be_made_is_an_error_with_the_reason(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(SinkError, match=r"cannot be made \(Not a directory\).*--snapshots"):
        made_folder(tmp_path / "file" / "folder")
