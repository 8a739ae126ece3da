"""Samples on disk: whole, numbered on, never half, and names that any system allows."""

import os
import subprocess
import sys

import cv2
import numpy as np
import pytest
from support import program_env, textured

from livecam.errors import SettingsError, SinkError
from livecam.sinks.sample_folder import SampleFolder, class_name_problem


def test_a_sample_is_the_picture_without_loss(tmp_path):
    bgr = textured(224, 224)
    path = SampleFolder(tmp_path / "garden").save("rose", bgr, "a b")
    assert path == tmp_path / "garden" / "rose" / "a b.png"
    np.testing.assert_array_equal(cv2.imread(str(path)), bgr)


def test_holds_go_on_where_a_run_before_has_ended(tmp_path):
    folder = SampleFolder(tmp_path / "garden")
    assert folder.last_hold() == 0
    folder.save("rose", textured(20, 20), "clip_0000.200")
    folder.save("rose", textured(20, 20), "hold0009_002")
    folder.save("tulip", textured(20, 20), "hold0011_001")
    assert SampleFolder(tmp_path / "garden").last_hold() == 11


def test_it_is_on_the_disk_before_it_has_its_name(tmp_path):
    seen = []

    def fsync(number: int) -> None:
        seen.append([path.name for path in (tmp_path / "rose").iterdir()])
        os.fsync(number)

    SampleFolder(tmp_path, fsync).save("rose", textured(20, 20), "0001")
    assert seen == [[".0001.png.part"]]
    assert [path.name for path in (tmp_path / "rose").iterdir()] == ["0001.png"]


def test_a_full_disk_is_one_line(tmp_path):
    def fsync(_: int) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(SinkError, match="No space left on device"):
        SampleFolder(tmp_path, fsync).save("rose", textured(20, 20), "0001")
    assert not list((tmp_path / "rose").iterdir())  # a part of it was left


def test_two_that_take_samples_at_once_would_replace_each_others(tmp_path):
    """Both began with hold 1, and the second one's pictures took the place of the first one's."""
    with SampleFolder(tmp_path / "garden") as first:
        first.save("rose", textured(20, 20), "hold0001_001")
        with (
            pytest.raises(SettingsError, match="another livecam takes samples into"),
            SampleFolder(tmp_path / "garden"),
        ):
            pytest.fail("the folder was given twice")
    with SampleFolder(tmp_path / "garden") as second:
        assert second.last_hold() == 1
    assert [path.name for path in (tmp_path / "garden").iterdir()] == ["rose"]


def test_a_folder_that_got_no_sample_goes_again_and_one_that_was_there_stays(tmp_path):
    with SampleFolder(tmp_path / "new"):
        assert (tmp_path / "new").is_dir()
    (tmp_path / "old").mkdir()
    with SampleFolder(tmp_path / "old"):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


KILLED = """
import os, sys
from pathlib import Path
from livecam.sinks.sample_folder import SampleFolder
folder = SampleFolder(Path(sys.argv[1])).__enter__()
print("locked", flush=True)
sys.stdin.read()
"""


def test_a_killed_program_leaves_the_folder_free(tmp_path):
    command = [sys.executable, "-c", KILLED, tmp_path / "garden"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=program_env()
    ) as program:
        program.stdout.readline()
        with (
            pytest.raises(SettingsError, match="another livecam"),
            SampleFolder(tmp_path / "garden"),
        ):
            pytest.fail("the folder was given twice")
        program.kill()
        program.wait(30)
    with SampleFolder(tmp_path / "garden") as folder:
        assert folder.problem == ""
    assert not list((tmp_path / "garden").iterdir())


@pytest.mark.parametrize("name", ["rose", "Frauenmantel (weiß)", "薔薇", "a b"])
def test_names_that_a_folder_can_have(name):
    assert not class_name_problem(name)


@pytest.mark.parametrize("name", ["", " ", " a", "..", ".a", "a/b", "a\\b", "a\nb", "x" * 101])
def test_names_that_no_folder_can_have(name):
    assert class_name_problem(name)
