"""Half exports that killed runs left in the cache are removed and told; running ones stay."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from support import program_env

from livecam.models.cache_leftovers import fresh_folder, remove_half_exports

MAKER = """
import sys
from pathlib import Path
from livecam.models.cache_leftovers import fresh_folder
with fresh_folder(Path(sys.argv[1])) as folder:
    (folder / "export").mkdir()
    print(folder.name, flush=True)
    sys.stdin.read()
"""


def test_a_fresh_folder_is_gone_afterwards(tmp_path):
    with fresh_folder(tmp_path) as folder:
        assert folder.parent == tmp_path
        assert folder.stat().st_mode & 0o077 == 0 or sys.platform == "win32"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is for the others")
def test_what_a_killed_run_left_is_removed_and_told_not_what_a_run_is_making(tmp_path):
    made = subprocess.Popen(
        [sys.executable, "-c", MAKER, str(tmp_path)], env=program_env(),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    name = made.stdout.readline().strip()
    assert remove_half_exports(tmp_path) == ""
    assert (tmp_path / name).is_dir()
    made.kill()
    made.communicate()
    assert remove_half_exports(tmp_path) == f"removed what a killed run left in {tmp_path}: {name}"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_a_lock_is_removed_when_it_is_old(tmp_path):
    (tmp_path / ".new-abc").mkdir()
    (tmp_path / "export").mkdir()
    assert remove_half_exports(tmp_path) == ""
    assert ".new-abc" in remove_half_exports(tmp_path, now=lambda: time.time() + 2 * 24 * 3600)
    assert [path.name for path in tmp_path.iterdir()] == ["export"]


def test_a_link_of_such_a_name_is_left_alone(tmp_path):
    precious = tmp_path / "precious"
    precious.mkdir()
    Path(precious / "file").touch()
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / ".new-abc").symlink_to(precious)
    assert remove_half_exports(tmp_path / "exports", now=lambda: time.time() * 2) == ""
    assert (precious / "file").exists()
