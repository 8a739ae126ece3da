"""Commands for events: words with placeholders, and never a shell."""

import pytest

from livecam.core.notifying.command_line import parse_command

RECORD = {
    "event": "20260701-061203.500-daisy", "class": "x; rm -rf /", "camera": "", "end": None,
    "looks": 35, "strongest": {"probability": 0.97123, "seen": "daisy"},
    "files": {"clean": "2026-07-01/a b.mp4"},
}  # fmt: skip


def test_placeholders_are_filled_and_never_become_two_words():
    command = parse_command("say -n '{class} {probability}' {clean}", is_windows=False)
    assert command.program == "say"
    words = command.words_for(RECORD, "/events")
    assert words == ["say", "-n", "x; rm -rf / 0.9712", "/events/2026-07-01/a b.mp4"]


def test_what_is_not_known_is_empty_and_values_are_not_filled_again():
    command = parse_command(
        "say {end} {thumbnail} [{camera}] {looks} {class} {{x}}", is_windows=False
    )
    given = {**RECORD, "class": "{looks}"}
    assert command.words_for(given, "e") == ["say", "", "", "[]", "35", "{looks}", "{x}"]


def test_windows_names_keep_their_backslashes():
    command = parse_command(r'"C:\my tools\say.exe" C:\x {class}', is_windows=True)
    assert command.words == (r"C:\my tools\say.exe", r"C:\x", "{class}")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "must be a program"),
        ("say 'x", "not closed"),
        ("say {klass}", "stands for nothing"),
        ("say {}", "stands for nothing"),
        ("{class}", "must begin with a program"),
    ],
)
def test_what_cannot_be_run_is_refused(text, why):
    with pytest.raises(ValueError, match=why):
        parse_command(text, is_windows=False)
