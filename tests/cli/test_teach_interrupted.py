"""Signals while `livecam teach` loads its network, which may have to be fetched first."""

import os
import signal

import cv2
import pytest
from support import textured

from livecam.cli import teach
from livecam.cli.app import main

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there are no signals on Windows")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_fetching_of_weights(tmp_path, monkeypatch, capsys, number, code):
    """It only set a flag, which nobody looked at before the download had given up."""
    monkeypatch.chdir(tmp_path)
    for name in ("rose", "tulip"):
        (tmp_path / "garden" / name).mkdir(parents=True)
        cv2.imwrite(str(tmp_path / "garden" / name / "1.png"), textured(64, 48))
    ended = []

    def fetch(*_: object) -> None:
        signal.raise_signal(number)
        ended.append("the download")

    monkeypatch.setattr(teach, "open_teaching_base", fetch)
    assert main(["teach", "garden", "--model", "flowers"]) == code
    assert not ended
    assert not list(tmp_path.glob("*.livecam"))
    assert capsys.readouterr().err == ""
