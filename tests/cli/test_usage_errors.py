"""Wrong arguments: what was meant, in words for the user, and the help that says more."""

import dataclasses
import re
import typing

import pytest


from livecam.cli.app import main
from livecam.cli.config import flat_settings
from livecam.cli.usage_errors import similar_command
from livecam.settings.parser_messages import expected_values
from livecam.settings.schema import Settings

COMMANDS = ["run", "serve", "demo", "devices", "config", "doctor", "bench", "models", "repair"]


def complaint(capsys, *arguments, code=2):
    assert main([*map(str, arguments)]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    (line,) = captured.err.strip().splitlines()
    return line


@pytest.fixture(autouse=True)
def nowhere(tmp_path, monkeypatch):
    """No display, no settings, an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("livecam.settings.precedence.user_file", lambda: tmp_path / "user.toml")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (["serv"], "serve"),
        (["serv", "daisy"], "serve"),
        (["serv", "daisy", "--port", "8000"], "serve"),
        (["--port", "8000", "serv", "daisy"], "serve"),
        (["doctr"], "doctor"),
        (["Devices"], "devices"),
        (["repiar", "a.mp4"], "repair"),
        (["bnech", "--json"], None),
        (["model"], "models"),
    ],
)
def test_a_mistyped_command_is_answered_as_such(arguments, command, capsys):
    line = complaint(capsys, *arguments)
    if command is not None:
        assert "there is no command" in line
        assert command in line
        assert "display" not in line


@pytest.mark.parametrize(
    "word", ["logitech", "daisy", "0", "clip.mp4", "cam", "rtsp://serve", "x", "--model"]
)
def test_what_is_no_command_is_not_taken_for_one(word):
    assert similar_command(word, COMMANDS) is None


def test_a_file_that_is_named_like_a_command_is_a_file(capsys, nowhere):
    (nowhere / "serv").write_bytes(b"")
    line = complaint(capsys, "serv", "--no-window", "--stats", "-", code=3)
    assert "command" not in line


def test_a_flag_before_an_argument_too_many_is_not_taken_for_a_command(capsys, nowhere):
    line = complaint(capsys, "photos", "--model", "flowers", "extra")
    assert "'extra' is one argument too many" in line


def test_a_mistyped_command_of_models(capsys):
    assert "did you mean 'fetch'" in complaint(capsys, "models", "fetc", "imagenet")
    assert "there are fetch and measure" in complaint(capsys, "models", "xyz")


@pytest.mark.parametrize(
    "name", ["missing.mp4", "missing.jpg", "no/such/clip.mp4", "*.jpg", "no such camera"]
)
def test_a_missing_file_comes_before_a_missing_window(name, capsys):
    line = complaint(capsys, name, code=3)
    assert name in line
    assert "window" not in line


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (["bench", "--fooo"], "bench"),
        (["serve", "0", "--port", "x"], "serve"),
        (["models", "fetch"], "models fetch"),
        (["repair", "a", "b"], "repair"),
        (["--frames", "x"], ""),
    ],
)
def test_errors_of_a_command_point_to_its_own_help(arguments, command, capsys):
    assert complaint(capsys, *arguments).endswith(f"See '{f'livecam {command}'.strip()} --help'.")


def test_quotes_are_advised_only_where_a_shell_has_made_a_list(capsys, nowhere):
    assert "quotes" not in complaint(capsys, "*.jpg", "out.mp4")
    assert "quotes" not in complaint(capsys, "repair", "a", "b")
    assert "quotes" not in complaint(capsys, "demo", "a")
    for name in ("a.jpg", "b.jpg"):
        (nowhere / name).write_bytes(b"")
    line = complaint(capsys, "a.jpg", "b.jpg")
    assert "'b.jpg' is one argument too many" in line
    assert "in quotes" in line


def test_types_are_told_in_words():
    assert expected_values(float | typing.Literal["auto"] | None) == "a number or auto"
    assert expected_values(int | None) == "a whole number"
    assert expected_values(dataclasses.dataclass) == "what it takes"


@pytest.mark.parametrize("name", [name for name, _ in flat_settings(Settings())])
def test_no_type_of_the_program_reaches_the_user(name, capsys, nowhere):
    """Whatever stands for the value, on the command line and in a file."""
    for value in ("[1, 2]", "1979-05-27", "{a = 1}", "'\N{BLOSSOM}'"):
        (nowhere / "livecam.toml").write_text(f"{name} = {value}\n")
        main(["config"])
        refuses_types(capsys.readouterr().err)
    (nowhere / "livecam.toml").unlink()
    main(["config", f"--{name}", "\N{BLOSSOM}"])
    refuses_types(capsys.readouterr().err)


def refuses_types(text):
    assert text.count("\n") <= 1
    assert not re.search(r"[|]|\b(Literal|None|float|bool|int|str|tuple|list)\b|to convert", text)


def test_an_unknown_key_of_a_settings_file_is_told_as_a_key_of_that_file(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "livecam.toml").write_text("alhpa = 0.5\n")
    assert main(["daisy"]) == 2
    message = capsys.readouterr().err
    assert f"{tmp_path / 'livecam.toml'}: there is no setting alhpa: did you mean alpha?" in message
    assert "[" not in message


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ('modl = "flowers"', "c.toml: there is no setting modl: did you mean model? livecam"),
        ('when = "daisy > 0.5"', "c.toml: when is a setting of livecam watch alone: livecam watch"),
        ("[camera.a]", "c.toml: camera is a setting of livecam watch alone"),
        ("[model]\npath = 'x'", "c.toml: model has one value, it is no table: write model = ..."),
        ("[cmaera.a]", "c.toml: there is no setting cmaera: did you mean camera?"),
    ],
)
def test_a_key_that_is_meant_otherwise_is_told_once(key, words, capsys, nowhere):
    (nowhere / "c.toml").write_text(key)
    line = complaint(capsys, "daisy", "--config", "c.toml")
    assert words in line
    assert "--" not in line.removesuffix(" See 'livecam --help'.")


@pytest.mark.parametrize("typed", ["daisy > ", "daisy = 0.8", " daisy >"])
def test_what_was_typed_changes_nothing_else_in_the_answer(typed, capsys):
    line = complaint(capsys, "watch", "0", "--when", typed)
    assert repr(typed.strip()) in line
    assert '"daisy > 0.8", "max(daisy) > 20", "seen == daisy and not bee > 0.5"' in line


def test_values_of_a_flag_that_may_be_repeated_are_no_tuple(capsys):
    assert main(["watch", "0", "--when", "daisy >"]) == 2
    said = capsys.readouterr().err
    assert "Invalid value 'daisy >' for --when. " in said
