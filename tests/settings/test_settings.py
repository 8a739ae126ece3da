"""Precedence, errors and the files in configs/."""

import tomllib
from pathlib import Path

import pytest

from livecam.cli.app import main
from livecam.cli.commands import build_app
from livecam.settings.file_reading import SPELLED_OTHERWISE
from livecam.settings.precedence import SettingOrigins, settings_sources
from livecam.cli.config import flat_settings, config_lines
from livecam.settings.schema import Settings

CONFIGS = Path(__file__).resolve().parents[2] / "configs"


@pytest.fixture(autouse=True)
def quiet_place(tmp_path, monkeypatch):
    """A working folder and a user configuration of our own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("livecam.settings.precedence.user_file", lambda: tmp_path / "user.toml")
    return tmp_path


def shown(capsys, *arguments):
    """What `livecam config` prints: {name: (value, origin)}."""
    assert main(["config", *arguments]) == 0
    printed = capsys.readouterr().out
    values = tomllib.loads(printed)
    origins = {}
    for line in printed.splitlines():
        name = line.removeprefix("# ").split(" = ")[0].split(" =")[0]
        origins[name.strip()] = line.rsplit("# ", 1)[1]
    return {name: (values.get(name), origin) for name, origin in origins.items()}


def complaint(capsys, *arguments, code=2):
    assert main(list(arguments)) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    lines = captured.err.strip().splitlines()
    assert 1 <= len(lines) <= 2
    assert "Traceback" not in captured.err
    return lines[0]


def test_flags_beat_variables_beat_files_beat_the_users_file_beat_defaults(
    capsys, quiet_place, monkeypatch
):
    (quiet_place / "user.toml").write_text(
        "alpha = 0.25\ngain = 0.2\nopacity = 0.1\nmirror = true\n"
    )
    (quiet_place / "livecam.toml").write_text("alpha = 0.5\ngain = 0.3\nopacity = 0.2\n")
    monkeypatch.setenv("LIVECAM_ALPHA", "0.75")
    monkeypatch.setenv("LIVECAM_GAIN", "0.4")
    values = shown(capsys, "--alpha", "1.0")
    assert values["alpha"] == (1.0, "flag")
    assert values["gain"] == (0.4, "LIVECAM_GAIN")
    assert values["opacity"] == (0.2, str(quiet_place / "livecam.toml"))
    assert values["mirror"] == (True, str(quiet_place / "user.toml"))
    assert values["view"] == ("colour", "default")


@pytest.mark.parametrize(
    ("arguments", "variable", "value"),
    [
        ([], "", False),
        (["--microphone"], "", True),
        (["--microphone", "yeti"], "", "yeti"),
        (["--microphone", "0"], "", "0"),
        (["--no-microphone"], "yeti", False),
        ([], "true", True),
        ([], "2", "2"),
    ],
)
def test_a_microphone_may_be_named(capsys, monkeypatch, arguments, variable, value):
    if variable:
        monkeypatch.setenv("LIVECAM_MICROPHONE", variable)
    assert shown(capsys, *arguments)["microphone"][0] == value


@pytest.mark.parametrize("value", [True, False, "yeti", "1"])
def test_a_file_names_the_microphone(capsys, quiet_place, value):
    written = str(value).lower() if isinstance(value, bool) else f'"{value}"'
    (quiet_place / "user.toml").write_text(f"microphone = {written}")
    assert shown(capsys)["microphone"][0] == value


def test_the_clock_has_a_short_flag(capsys):
    assert shown(capsys, "--clock")["record-clock"] == (True, "flag")
    assert shown(capsys)["record-clock"] == (False, "default")


def test_a_named_file_takes_the_place_of_the_one_in_the_folder(capsys, quiet_place, monkeypatch):
    (quiet_place / "livecam.toml").write_text("gain = 0.3\n")
    (quiet_place / "other.toml").write_text("alpha = 0.5\n")
    values = shown(capsys, "--config", "other.toml")
    assert values["alpha"][0] == 0.5
    assert values["gain"] == (0.1, "default")
    monkeypatch.setenv("LIVECAM_CONFIG", str(quiet_place / "other.toml"))
    assert shown(capsys)["alpha"][0] == 0.5


def test_classes_can_be_named_in_every_way(capsys, quiet_place, monkeypatch):
    assert shown(capsys, "--class", "bee", "--class", "daisy")["class"][0] == ["bee", "daisy"]
    (quiet_place / "livecam.toml").write_text('class = ["bee", "3"]\n')
    assert shown(capsys)["class"][0] == ["bee", "3"]
    monkeypatch.setenv("LIVECAM_CLASS", "golden retriever, ant")
    assert shown(capsys)["class"][0] == ["golden retriever", "ant"]


def test_what_config_prints_can_be_read_back(capsys, quiet_place):
    main(["config", "--act-max", "auto", "--record", 'a "b\\.mp4', "--no-window"])
    printed = capsys.readouterr().out
    (quiet_place / "livecam.toml").write_text(printed)
    values = shown(capsys, "--config", "livecam.toml")
    assert values["act-max"][0] == "auto"
    assert values["record"][0] == 'a "b\\.mp4'
    assert values["window"][0] is False


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("colour-map = 'jet'", ["colour-map", "livecam.toml"]),
        ("alpha = 0.6", ["alpha", "livecam.toml", "0.75"]),
        ("alpha = 'wide'", ["alpha", "livecam.toml"]),
        ("view = 'rainbow'", ["view", "livecam.toml", "colour", "brightness"]),
        ("opacity = 1.5", ["opacity", "livecam.toml", "1"]),
        ("act-max = 'most'", ["act-max", "livecam.toml", "auto"]),
        ("gain = 0", ["gain", "livecam.toml"]),
        ("frames = 0", ["frames", "livecam.toml"]),
        ("frames = 2.5", ["frames", "2.5", "whole"]),
        ('record = "\\u0000.mp4"', ["record", "livecam.toml", "zero byte"]),
        ('snapshots = "a\\u0000"', ["snapshots", "livecam.toml", "zero byte"]),
        ("alpha = [", ["livecam.toml", "TOML"]),
        ("no-window = true", ["livecam.toml", "window = false"]),
        ('config = "other.toml"', ["livecam.toml", "config"]),
        ("class = []", ["class", "livecam.toml", "at least one"]),
        ('record = ""', ["record", "livecam.toml"]),
    ],
)
def test_a_bad_file_is_one_line_with_file_key_and_allowed_values(capsys, quiet_place, text, words):
    (quiet_place / "livecam.toml").write_text(text + "\n")
    line = complaint(capsys, "config", "--config", "livecam.toml")
    assert all(word in line for word in words), line


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--alpha", "0.6"], ["--alpha", "0.25"]),
        (["--collor", "x"], ["--collor"]),
        (["--view", "rainbow"], ["--view", "brightness"]),
        (["--opacity", "2"], ["--opacity"]),
        (["--act-max", "nan"], ["--act-max"]),
        (["--threads", "0"], ["--threads"]),
        (["--threads", "1.6"], ["--threads", "1.6", "whole"]),
        (["--frames", "many"], ["--frames", "many", "whole"]),
        (["--config", "nowhere.toml"], ["nowhere.toml", "--config"]),
    ],
)
def test_a_bad_flag_is_one_line(capsys, arguments, words):
    line = complaint(capsys, "config", *arguments)
    assert all(word in line for word in words), line


def test_one_source_too_many_is_reported_with_the_quotes(capsys):
    line = complaint(capsys, "photos/a.jpg", "photos/b.jpg", "--no-window")
    assert "'photos/b.jpg' is one argument too many" in line
    assert "quotes" in line


def test_a_bad_or_unknown_variable_is_one_line(capsys, monkeypatch):
    monkeypatch.setenv("LIVECAM_VIEW", "rainbow")
    assert "LIVECAM_VIEW" in complaint(capsys, "config")
    monkeypatch.delenv("LIVECAM_VIEW")
    monkeypatch.setenv("LIVECAM_COLOUR", "x")
    assert "LIVECAM_COLOUR" in complaint(capsys, "config")
    monkeypatch.delenv("LIVECAM_COLOUR")
    monkeypatch.setenv("LIVECAM_SOURCE", "daisy")  # SOURCE is an argument, no setting
    assert "LIVECAM_SOURCE" in complaint(capsys, "config")
    assert "LIVECAM_SOURCE" in complaint(capsys, "run", "--no-window", "--stats", "-")


def settings_in(path, monkeypatch):
    """The settings tree that a file alone gives."""
    monkeypatch.delenv("LIVECAM_CACHE", raising=False)
    seen = []
    origins = SettingOrigins()
    app = build_app(origins)
    app.config = settings_sources(path, origins)

    @app.command
    def look(*, settings: Settings | None = None) -> None:
        seen.append(settings or Settings())

    app(["look"], exit_on_error=False, print_error=False)
    return seen[0]


def test_default_toml_says_exactly_what_the_code_says(monkeypatch):
    path = CONFIGS / "default.toml"
    assert settings_in(path, monkeypatch) == Settings()
    text = path.read_text("utf-8")
    for name, value in flat_settings(Settings()):
        assert (f"\n# {name} =" if value is None else f"\n{name} = ") in text, name
        if value is not None:
            assert name in tomllib.loads(text)


def test_page_toml_is_the_original_page(monkeypatch):
    heat = settings_in(CONFIGS / "page.toml", monkeypatch).heat
    assert (heat.view, heat.act_max, heat.interpolation) == ("brightness", 36.0, "bilinear")
    assert heat.gain == 0.1


def test_low_power_toml_asks_for_less(monkeypatch):
    settings = settings_in(CONFIGS / "low_power.toml", monkeypatch)
    assert settings.model.alpha == 0.25
    assert settings.pace.rate_limit is not None


def test_every_setting_has_a_line_in_config():
    lines = list(config_lines(Settings(), {}))
    assert len(lines) == len(list(flat_settings(Settings())))


def test_the_colour_maps_of_the_settings_are_those_of_the_painter():
    from typing import get_args, get_type_hints

    from livecam.core.heat_overlay import COLORMAPS
    from livecam.settings.schema import HeatSettings

    annotated = get_type_hints(HeatSettings)["colormap"]
    assert get_args(annotated) == tuple(COLORMAPS)


def test_help_teaches_and_version_is_one_line(capsys):
    assert main(["--help"]) == 0
    printed = capsys.readouterr().out
    assert all(word in printed for word in ("--record", "--class", "livecam clip.mp4", "config"))
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("livecam ")


def test_a_settings_file_that_cannot_be_read_is_named(capsys, quiet_place):
    (quiet_place / "livecam.toml").mkdir()
    assert "livecam.toml" in complaint(capsys, "config")
    assert "is a folder" in complaint(capsys, "config", "--config", ".")
    (quiet_place / "latin.toml").write_bytes(b"view = '\xe9'")
    assert "latin.toml" in complaint(capsys, "config", "--config", "latin.toml")


def test_the_help_says_that_the_time_without_a_camera_counts(capsys):
    assert main(["run", "--help"]) == 0
    words = " ".join(capsys.readouterr().out.replace("│", " ").split())
    assert "the time that a camera is lost counts" in words


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("no-token = true", "ask-token = false"),
        ("no-token = false", "ask-token = true"),
        ("no-window = true", "window = false"),
    ],
)
def test_a_flag_that_turns_something_off_is_answered_with_the_key(
    capsys, quiet_place, line, instead
):
    """Before, no-token was answered with token = false, which is no token."""
    file = quiet_place / "own.toml"
    file.write_text(line)
    assert main(["config", "--config", str(file)]) == 2
    assert f"write {instead}, not {line.split()[0]}." in capsys.readouterr().err
    file.write_text(instead)
    assert main(["config", "--config", str(file)]) == 0


def test_every_flag_that_turns_something_off_is_answered_so():
    app = build_app(SettingOrigins())
    flags = {
        argument.name.removeprefix("--"): argument.negatives
        for argument in app.assemble_argument_collection()
        if argument.name.startswith("--")
    }
    for name, negatives in flags.items():
        for negative in (flag.removeprefix("--") for flag in negatives):
            if negative.startswith("no-"):
                named = SPELLED_OTHERWISE.get(negative, negative.removeprefix("no-"))
                assert named == name, negative
