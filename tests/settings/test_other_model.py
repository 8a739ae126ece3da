"""A file's settings of imagenet do not stand in the way of --model flowers, and it is said."""

from pathlib import Path

import pytest
from support import livecam_here

LOW_POWER = Path(__file__).resolve().parents[2] / "configs" / "low_power.toml"


@pytest.mark.parametrize(
    "arguments", [["daisy", "--model", "flowers"], ["demo"], ["bench", "--model", "flowers"]]
)
def test_low_power_goes_with_flowers(arguments, tmp_path):
    flags = ["--config", LOW_POWER, "--no-window", "--frames", 25, "--scene-size", "160x120"]
    if arguments[0] != "bench":
        flags += ["--stats", "-"]
    run = livecam_here(*arguments, *flags, "--rate-limit", 500, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    (line,) = [line for line in run.stderr.splitlines() if "left out" in line]
    assert "alpha" in line
    assert "low_power.toml" in line


def test_a_variable_is_named(tmp_path):
    run = livecam_here("config", "--model", "flowers", cwd=tmp_path, env={"LIVECAM_ALPHA": "0.25"})
    assert "alpha of LIVECAM_ALPHA is left out" in run.stderr
    assert "# alpha =" in run.stdout


@pytest.mark.parametrize(
    ("flags", "text"),
    [
        (["--model", "flowers", "--alpha", "0.25"], ""),
        (["--alpha", "0.25"], 'model = "flowers"'),
        ([], 'model = "flowers"\nalpha = 0.25'),
    ],
)
def test_what_is_asked_for_as_strongly_is_still_a_contradiction(flags, text, tmp_path):
    (tmp_path / "my.toml").write_text(text)
    arguments = ["daisy", "--no-window", "--stats", "-", "--config", "my.toml", *flags]
    run = livecam_here(*arguments, cwd=tmp_path)
    assert run.returncode == 2
    assert "has alpha 0.5 only" in run.stderr


def test_imagenet_keeps_the_alpha_of_the_file(tmp_path):
    run = livecam_here("config", "--config", LOW_POWER, "--model", "imagenet", cwd=tmp_path)
    assert "\nalpha = 0.25" in run.stdout
    assert run.stderr == ""


def test_labels_of_a_file_are_for_a_network_of_ones_own(tmp_path):
    (tmp_path / "my.toml").write_text('labels = "names.txt"\n')
    flags = ["config", "--config", "my.toml"]
    run = livecam_here(*flags, "--model", "flowers", cwd=tmp_path)
    assert "labels of" in run.stderr
    assert "it is for a network of your own, not for flowers" in run.stderr
    run = livecam_here(*flags, "--model", "net.h5", cwd=tmp_path)
    assert run.stderr == ""
    assert '\nlabels = "names.txt"' in run.stdout
