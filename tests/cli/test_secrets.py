"""A token and a password are never printed, wherever they were given and whatever is wrong."""

import pytest

from livecam.cli import console
from livecam.cli.app import main

SECRET = "hunter2!" * 2
LOGIN = f"eve:{SECRET}@cam"
GIVEN = [
    ["--token", SECRET],
    [f"--token={SECRET}"],
    ["--token", "three", SECRET, "words"],
    [f"--tokn={SECRET}"],
    ["--record", f"rtsp://{LOGIN}/x.mp4"],
    ["--record", f"rtsp://{LOGIN}/x.avi"],
    ["--record", f"rtsp://cam/x.avi?token={SECRET}"],
    ["--record", f"rtsp://cam/user=eve_password={SECRET}.avi"],
    ["--record", f"rtsp://{LOGIN}/x.mp4", "--record-clean", "--force"],
    ["--stats", f"http://{LOGIN}/x.jsonl"],
    ["--stats", f"http://{LOGIN}/x.txt"],
    ["--config", f"http://{LOGIN}/x.toml"],
    ["--weights", f"http://{LOGIN}/x.h5"],
    ["--class", f"http://{LOGIN}/x"],
    ["--host", LOGIN, "--serve"],
    ["--allow-host", f"http://{LOGIN}"],
    ["--allow-host", LOGIN],
    ["--port", f"http://{LOGIN}"],
    ["--scene-size", f"http://{LOGIN}"],
    [f"http://{LOGIN}/x.mp4"],
]


@pytest.fixture
def livecam(tmp_path, monkeypatch, capsys):
    """Runs the program here, in an empty folder, knowing no secrets of other tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(console, "_secrets", set())

    def run(*arguments):
        code = main(list(arguments))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def check_refused_without(secret, outcome):
    code, out, err = outcome
    assert code in (2, 3, 5, 6), err
    assert secret not in out + err
    assert err.startswith("livecam: ")


@pytest.mark.parametrize("flags", GIVEN, ids=lambda flags: " ".join(flags)[:40])
def test_a_secret_among_the_flags_is_not_printed(flags, livecam):
    check_refused_without(SECRET, livecam("daisy", "--no-window", "--frames", "1", *flags))


VARIABLES = {
    "LIVECAM_TOKEN": SECRET,
    "LIVECAM_RECORD": f"rtsp://{LOGIN}/x.avi",
    "LIVECAM_STATS": f"rtsp://{LOGIN}/x.avi",
    "LIVECAM_HOST": LOGIN,
    "LIVECAM_ALLOW_HOST": f"http://{LOGIN}",
    "LIVECAM_CONFIG": f"http://{LOGIN}/x.toml",
    "LIVECAM_PORT": f"http://{LOGIN}",
}


@pytest.mark.parametrize("name", VARIABLES)
def test_a_secret_in_a_variable_is_not_printed(name, livecam, monkeypatch):
    monkeypatch.setenv("LIVECAM_SERVE", "true")
    monkeypatch.setenv(name, VARIABLES[name])
    check_refused_without(SECRET, livecam("daisy", "--no-window", "--frames", "1"))


LINES = [
    f'token = "{SECRET}"',
    f'token = ["{SECRET}"]',
    f'token = {{a = "{SECRET}"}}',
    f'Token = "{SECRET}"',
    f'tokn = "{SECRET}"',
    f"token = {SECRET}",
    f'record = "rtsp://{LOGIN}/x.avi"',
    f'record = ["rtsp://{LOGIN}/x.avi"]',
    f'host = "{LOGIN}"\nserve = true',
    f'allow-host = ["http://{LOGIN}"]',
]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("flags", [[], ["--config", "livecam.toml"]])
def test_a_secret_in_a_settings_file_is_not_printed(line, flags, livecam, tmp_path):
    (tmp_path / "livecam.toml").write_text(line)
    check_refused_without(SECRET, livecam("daisy", "--no-window", "--frames", "1", *flags))


def test_the_list_of_settings_hides_them(livecam):
    flags = ["--record", f"rtsp://{LOGIN}/x.mp4", "--token", "sixteen-letters-or-more"]
    code, out, _ = livecam("config", *flags)
    assert code == 0
    assert SECRET not in out
    assert "sixteen-letters" not in out
    hidden = [line for line in out.splitlines() if line.endswith("hidden")]
    assert [line.split()[1] for line in hidden] == ["record", "token"]


def test_a_short_refused_token_does_not_spoil_the_line_that_says_so(livecam):
    _, _, err = livecam("config", "--token", "a")
    assert 'Invalid value "..." for --token' in err
    assert "must be 16 to 200 letters" in err
