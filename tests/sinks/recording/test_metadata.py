"""The metadata of a recording."""

import json

from support import livecam

import av


FLOWERS = ["--model", "flowers", "--no-window"]


def test_a_file_says_what_it_is_how_it_was_made_and_how_long(tmp_path):
    flags = [*FLOWERS, "--scene-size", "160x120", "--frames", 30, "--record", "r.mp4"]
    assert livecam("daisy", *flags, "--gain", 0.2, cwd=tmp_path).returncode == 0
    with av.open(str(tmp_path / "r.mp4")) as container:
        assert container.metadata["title"] == "livecam: daisy"
        about = json.loads(container.metadata["comment"])
    assert (about["frames"], about["dropped"], about["class"]) == (30, 0, "daisy")
    assert about["heat"]["gain"] == 0.2
    assert "flowers" in about["model"]
    assert {"livecam", "pyav", "encoder", "seconds"} <= set(about)
    assert str(tmp_path) not in json.dumps(about)
