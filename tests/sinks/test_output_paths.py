"""Names of output files, and the rule that nothing is overwritten without --force."""

import os
from datetime import datetime
from pathlib import Path

import pytest

from livecam.errors import SettingsError, SinkError
from livecam.sinks.output_locks import lock_path
from livecam.sinks.output_paths import (
    clean_path,
    create_free_files,
    dated_stem,
    free_path,
    made_folder,
    refuse_existing,
    reserve_free_name,
)

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


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_no_file_to_be_replaced_even_when_forced(tmp_path):
    """A page or a table took its place; as root that of /dev/null."""
    os.mkfifo(tmp_path / "p.html")
    with pytest.raises(SettingsError, match=r"p\.html is no ordinary file"):
        refuse_existing(tmp_path / "p.html", force=True)
    refuse_existing(tmp_path / "p.html", force=True, is_stream=True)


@pytest.mark.parametrize("force", [False, True])
def test_a_folder_that_is_missing_is_named(force, tmp_path):
    with pytest.raises(SettingsError, match=r"the folder .*missing does not exist"):
        refuse_existing(tmp_path / "missing" / "new.mp4", force=force)


def test_a_name_that_is_too_long_is_a_settings_error():
    with pytest.raises(SettingsError, match="name"):
        refuse_existing(Path("n" * 5000 + ".mp4"), force=False)


def test_dated_names_sort_by_time_and_have_only_characters_that_all_systems_allow():
    assert dated_stem(EVENING) == "livecam_2026-01-02_23-04-05"


STEMS = ["a", "a_2", "a_3", "a_4"]


def test_names_count_on_until_one_is_free(tmp_path):
    for _ in STEMS:
        free_path(tmp_path, "a", ".png").touch()
    assert sorted(path.stem for path in tmp_path.iterdir()) == STEMS


def test_a_link_to_nothing_takes_a_name_too(tmp_path):
    (tmp_path / "a.png").symlink_to(tmp_path / "nothing")
    assert free_path(tmp_path, "a", ".png").name == "a_2.png"


def test_files_that_belong_together_get_one_number_and_replace_nothing(tmp_path):
    (tmp_path / "a.png").write_text("mine")
    (tmp_path / "a_2.json").write_text("mine")
    files = create_free_files(tmp_path, "a", [".png", ".json"])
    for file in files:
        file.close()
    assert [Path(file.name).name for file in files] == ["a_3.png", "a_3.json"]
    assert not (tmp_path / "a_2.png").exists()
    assert (tmp_path / "a.png").read_text() == (tmp_path / "a_2.json").read_text() == "mine"


def reserved(folder):
    return reserve_free_name(folder, "a", ".mp4", lambda path: [path])


def test_a_reserved_name_is_taken_although_there_is_no_file_yet(tmp_path):
    locks = [reserved(tmp_path) for _ in STEMS]
    assert [lock.path.stem for lock in locks] == STEMS
    assert not list(tmp_path.glob("*.mp4"))
    locks[1].release()
    assert reserved(tmp_path).path.stem == "a_2"


def test_a_name_that_another_user_has_locked_is_not_reserved(tmp_path, monkeypatch):
    """Two users, one folder, one dated name: a lock of the other one cannot be opened."""
    from filelock import FileLock

    theirs = lock_path(tmp_path / "a.mp4")
    theirs.touch()
    acquire = FileLock.acquire

    def refused(lock, *rest, **more):
        if Path(lock.lock_file) == theirs:
            raise PermissionError(13, "Permission denied")
        return acquire(lock, *rest, **more)

    monkeypatch.setattr(FileLock, "acquire", refused)
    assert reserved(tmp_path).path.name == "a_2.mp4"


def test_a_name_whose_twin_exists_is_not_reserved(tmp_path):
    (tmp_path / "a_clean.mp4").touch()
    lock = reserve_free_name(tmp_path, "a", ".mp4", lambda path: [path, clean_path(path)])
    assert lock.path.name == "a_2.mp4"


def test_a_missing_folder_is_made_with_its_parents(tmp_path):
    assert made_folder(tmp_path / "a" / "b").is_dir()
    assert made_folder(tmp_path / "a" / "b").is_dir()


def test_a_folder_that_cannot_be_made_is_an_error_with_the_reason(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(SinkError, match=r"cannot be made \(Not a directory\).*--snapshots"):
        made_folder(tmp_path / "file" / "folder")
