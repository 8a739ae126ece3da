"""./livecam.toml: look and model alone, only from those who may, and never a start that hangs."""

import os
import socket
import subprocess
import sys
from contextlib import closing

import pytest
from support import livecam, livecam_here, program_env

from livecam.cli.config import flat_settings
from livecam.settings import current_folder
from livecam.settings.schema import Settings

STRANGER = 4321  # a user's number that nobody has
needs_owners = pytest.mark.skipif(os.name == "nt", reason="os does not tell who owns a file")
needs_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away"
)


def written(folder, text, name="livecam.toml"):
    (folder / name).write_text(text + "\n", "utf-8")
    return folder / name


def refused(run, *words):
    """The one line of a start that was refused."""
    assert run.returncode == 2, run.stderr
    assert run.stdout == ""
    (line,) = run.stderr.strip().splitlines()
    assert all(word in line for word in words), line
    return line


def test_every_setting_is_decided_on_exactly_once():
    """A new setting: add its name to one of the two lists in livecam/settings/current_folder.py."""
    groups = [current_folder.LOOK_AND_MODEL, *current_folder.REFUSED.values()]
    decided = [name for names in groups for name in names]
    assert sorted(decided) == sorted(name for name, _ in flat_settings(Settings()))


def test_a_setting_that_nobody_decided_on_is_refused():
    assert "is not a setting of look or model" in current_folder.refusal("brand-new")


def test_look_and_model_are_taken_and_one_line_says_so(tmp_path):
    path = written(tmp_path, 'alpha = 0.5\nview = "brightness"\nscene-seed = 7')
    run = livecam_here("config", cwd=tmp_path)
    assert run.returncode == 0
    assert f"{path}" in run.stdout
    (line,) = run.stderr.splitlines()
    assert str(path) in line
    assert "look and model" in line


REFUSED = [name for names in current_folder.REFUSED.values() for name in names]


@pytest.mark.parametrize("name", REFUSED)
def test_nothing_else_is_taken_but_the_way_is_named(name, tmp_path, monkeypatch, capsys):
    from livecam.cli.app import main

    monkeypatch.chdir(tmp_path)
    written(tmp_path, f'{name} = "secret-of-sixteen-letters"')
    assert main(["config"]) == 2
    captured = capsys.readouterr()
    (line,) = captured.err.strip().splitlines()
    assert "./livecam.toml" in line
    assert f"--{name}" in line
    assert "--config livecam.toml" in line
    assert "secret" not in captured.err + captured.out


@pytest.mark.parametrize("key", ["record_stats", "RECORD", "Token", "serve", "allow_host", "json"])
def test_another_spelling_is_no_way_in(key, tmp_path):
    written(tmp_path, f"{key} = true")
    run = livecam_here("bench", cwd=tmp_path)
    assert run.returncode == 2
    assert len(run.stderr.strip().splitlines()) == 1


def test_the_named_file_may_set_everything(tmp_path):
    written(tmp_path, 'record = "a.mp4"\nforce = true\nhost = "0.0.0.0"\nserve = true')
    named = livecam_here("config", "--config", "livecam.toml", cwd=tmp_path)
    by_variable = livecam_here("config", cwd=tmp_path, env={"LIVECAM_CONFIG": "livecam.toml"})
    assert named.returncode == by_variable.returncode == 0
    assert named.stdout == by_variable.stdout
    assert 'record = "a.mp4"' in named.stdout
    assert named.stderr == ""


def test_the_users_own_file_may_set_everything(tmp_path):
    home = tmp_path / "settings" / "livecam"
    home.mkdir(parents=True)
    written(home, 'record = "a.mp4"\nserve = true', "config.toml")
    env = {"XDG_CONFIG_HOME": str(home.parent), "APPDATA": str(home.parent)}
    if sys.platform == "darwin":
        pytest.skip("the folder of the user's file is fixed there")
    run = livecam_here("config", cwd=tmp_path, env=env)
    assert 'record = "a.mp4"' in run.stdout
    assert "serve = true" in run.stdout


@pytest.mark.parametrize("command", ["run", "demo"])
def test_serve_in_a_file_is_heard(command, tmp_path):
    with closing(socket.create_server(("127.0.0.1", 0))) as busy:
        port = busy.getsockname()[1]
        written(tmp_path, f"serve = true\nport = {port}", "mine.toml")
        source = ["daisy"] if command == "run" else []
        flags = ["--config", "mine.toml", "--no-window", "--model", "flowers", "--stats", "a.jsonl"]
        run = livecam_here(command, *source, *flags, "--frames", 1, cwd=tmp_path)
    assert str(port) in run.stderr  # it wanted the port, which another program has
    assert run.returncode != 0


@pytest.mark.parametrize("key", ["demo", "doctor", "bench", "run", "colour-map"])
def test_a_command_is_no_setting_of_a_file(key, tmp_path):
    written(tmp_path, f"{key} = true", "mine.toml")
    refused(livecam_here("config", "--config", "mine.toml", cwd=tmp_path), key)


@needs_owners
@pytest.mark.parametrize(
    ("file_mode", "folder_mode", "words"),
    [
        (0o666, 0o755, "everybody can write to it"),
        (0o622, 0o755, "everybody can write to it"),
        (0o644, 0o777, "everybody can write to it"),
        (0o644, 0o1777, "everybody can write to it"),  # as /tmp
    ],
)
def test_what_others_can_write_is_refused_with_the_reason(file_mode, folder_mode, words, tmp_path):
    folder = tmp_path / "unpacked"
    folder.mkdir()
    written(folder, "gain = 0.2").chmod(file_mode)
    folder.chmod(folder_mode)
    refused(livecam_here("config", cwd=folder), words, "livecam.toml", "--config livecam.toml")
    assert livecam_here("config", "--config", "livecam.toml", cwd=folder).returncode == 0


@needs_root
@pytest.mark.parametrize("what", ["file", "folder", "target", "group"])
def test_what_a_stranger_owns_is_refused(what, tmp_path):
    folder = tmp_path / "unpacked"
    folder.mkdir()
    path = written(folder, "gain = 0.2")
    if what == "file":
        os.chown(path, STRANGER, STRANGER)
    elif what == "folder":
        os.chown(folder, STRANGER, STRANGER)
    elif what == "target":  # an own link to a stranger's file
        path.rename(folder / "theirs.toml")
        path.symlink_to("theirs.toml")
        os.chown(folder / "theirs.toml", STRANGER, STRANGER)
    else:
        os.chown(path, -1, STRANGER)
        path.chmod(0o664)
    words = "its group" if what == "group" else "belongs to another user"
    refused(livecam_here("config", cwd=folder), words, str(STRANGER))


@needs_root
def test_a_users_own_group_may_write(tmp_path, monkeypatch):
    """As on systems that give each user a group, and make files writable for it."""
    import grp
    import pwd

    from livecam.settings.file_ownership import ownership_problem

    path = written(tmp_path, "gain = 0.2")
    path.chmod(0o664)
    own = grp.struct_group((pwd.getpwuid(os.geteuid()).pw_name, "x", 0, []))
    monkeypatch.setattr(grp, "getgrgid", lambda _: own)
    assert ownership_problem(path) == ""
    shared = grp.struct_group((own.gr_name, "x", 0, [own.gr_name, "mallory"]))
    monkeypatch.setattr(grp, "getgrgid", lambda _: shared)
    assert "its group" in ownership_problem(path)


@needs_root
def test_a_strangers_file_in_the_users_own_folder_of_settings_is_refused(tmp_path):
    home = tmp_path / "settings" / "livecam"
    home.mkdir(parents=True)
    os.chown(written(home, 'record = "a.mp4"', "config.toml"), STRANGER, STRANGER)
    env = {"XDG_CONFIG_HOME": str(home.parent)}
    refused(livecam_here("config", cwd=tmp_path, env=env), "belongs to another user", "config.toml")


def make_pipe(path):
    os.mkfifo(path)


def make_link_to_a_device(path):
    path.symlink_to("/dev/zero")


def make_huge(path):
    with path.open("wb") as file:
        file.truncate(8 << 30)


def make_socket(path):
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))


def make_nested(path):
    path.write_text("gain = " + "[" * 200_000)


@needs_owners
@pytest.mark.parametrize(
    ("make", "words"),
    [
        (make_pipe, "a pipe or a device"),
        (make_link_to_a_device, "a pipe or a device"),
        (make_socket, "a pipe or a device"),
        (make_huge, "larger than 1 MB"),
        (make_nested, "not TOML"),
    ],
)
@pytest.mark.parametrize("flags", [[], ["--config", "livecam.toml"]])
def test_no_file_hangs_the_start(make, words, flags, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # short enough a name for a socket
    make(type(tmp_path)("livecam.toml"))
    refused(livecam_here("config", *flags, cwd=tmp_path), words)


@needs_owners
def test_a_pipe_in_the_place_of_the_users_own_file_does_not_hang_the_start(tmp_path):
    home = tmp_path / "settings" / "livecam"
    home.mkdir(parents=True)
    os.mkfifo(home / "config.toml")
    env = {"XDG_CONFIG_HOME": str(home.parent)}
    refused(livecam("config", cwd=tmp_path, env=env, timeout_s=60), "a pipe or a device")


@needs_owners
def test_without_a_home_no_file_of_the_current_folder_takes_its_place(tmp_path):
    """Without a home and a line in the list of users, "~" is a folder like any other."""
    planted = tmp_path / "~" / ".config" / "livecam"
    planted.mkdir(parents=True)
    written(planted, 'record = "theirs.mp4"', "config.toml")
    code = (
        "import os, pwd, sys\n"
        "def nobody(_): raise KeyError\n"
        "pwd.getpwuid = nobody\n"
        "from livecam.cli.app import main\n"
        "sys.exit(main(['config']))"
    )
    env = program_env()
    for name in ("HOME", "XDG_CONFIG_HOME"):
        env.pop(name, None)
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "theirs.mp4" not in run.stdout
