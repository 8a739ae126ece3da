"""`livecam models measure` as it is typed: signals."""

import json
import os
import signal
from itertools import count

import cv2
import pytest
from support import textured

from livecam.assembly import mirror_offsets
from livecam.assembly.mirror_offsets import PictureOffset
from livecam.cli.app import main


@pytest.fixture
def command(tmp_path):
    """The command line for a folder of four pictures."""
    for number in range(4):
        cv2.imwrite(str(tmp_path / f"{number}.png"), textured(60, 60, seed=number))
    return ["models", "measure", "flowers", "--pictures", str(tmp_path)]


def test_ctrl_c_gives_what_was_measured_so_far(command, monkeypatch, capsys):
    looks = count(1)

    def then_interrupted(*_):
        yield 0, PictureOffset((1.0, 2.0))
        if next(looks) == 3:
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(mirror_offsets, "_shown_by", then_interrupted)
    assert main([*command, "--json"]) == 130
    document = json.loads(capsys.readouterr().out)
    assert (document["pictures"], document["whole"]) == (3, False)
    assert document["over_all"]["offset_px"] == [1.0, 2.0]


def test_ctrl_c_before_the_first_result_is_told(command, monkeypatch, capsys):
    def interrupted(*_):
        os.kill(os.getpid(), signal.SIGINT)
        return iter(())

    monkeypatch.setattr(mirror_offsets, "_shown_by", interrupted)
    assert main(command) == 130
    assert "before anything was measured" in capsys.readouterr().err


def test_all_that_was_measured_is_whole(command, monkeypatch, capsys):
    shown = PictureOffset((1.0, 2.0))
    monkeypatch.setattr(mirror_offsets, "_shown_by", lambda *_: iter([(0, shown)]))
    assert main([*command, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["pictures"], document["whole"]) == (4, True)


def test_the_offset_of_pictures_laid_on_their_side_has_its_own_column(command, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "160")
    seen = [PictureOffset((1.0, 9.0), down_laid=2.0), PictureOffset((1.0, 9.0))]
    monkeypatch.setattr(mirror_offsets, "_shown_by", lambda *_: iter((0, one) for one in seen))
    assert main(command) == 0
    out = capsys.readouterr().out
    assert "y laid" in out
    assert all(figures in out for figures in ("[9.0, 9.0]", "2.0 of 4", "[2.0, 2.0]"))
    assert main([*command, "--json"]) == 0
    laid = json.loads(capsys.readouterr().out)["over_all"]["down_laid"]
    assert laid == {"offset_px": 2.0, "low_px": 2.0, "high_px": 2.0, "pictures": 4}
