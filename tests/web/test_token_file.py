"""--token-file: made for its owner alone, kept, and refused where others can read it."""

import errno
import os
import tempfile
import threading

import pytest

from livecam.errors import SettingsError
from livecam.web.server.token_file import keep_generation, kept_token

TOKEN = "an-example-of-a-secret-1234"  # noqa: S105
POSIX = pytest.mark.skipif(os.name != "posix", reason="modes of files are those of POSIX")


def file_with(path, text, mode=0o600):
    path.write_bytes(text.encode())
    path.chmod(mode)
    return path


@POSIX
@pytest.mark.parametrize("mask", [0o000, 0o022, 0o777])
def test_a_missing_file_is_made_for_its_owner_alone_and_kept(tmp_path, mask):
    before = os.umask(mask)
    try:
        first = kept_token(tmp_path / "token")
    finally:
        os.umask(before)
    assert (tmp_path / "token").stat().st_mode & 0o777 == 0o600
    assert len(first.text) >= 32
    assert kept_token(tmp_path / "token") == first
    assert [path.name for path in tmp_path.iterdir()] == ["token"]


def test_many_who_start_at_once_get_the_same_token(tmp_path):
    tokens, ready = [], threading.Barrier(20)

    def start():
        ready.wait(30)
        tokens.append(kept_token(tmp_path / "token").text)

    threads = [threading.Thread(target=start) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(tokens) == 20
    assert len(set(tokens)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["token"]


@pytest.mark.parametrize("text", [TOKEN, TOKEN + "\n", TOKEN + "\r\n", f" {TOKEN} \nlogins \n"])
def test_a_token_of_ones_own_may_be_written_into_it(tmp_path, text):
    assert kept_token(file_with(tmp_path / "token", text)).text == TOKEN


@POSIX
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o602, 0o620, 0o777])
def test_a_file_that_others_can_read_or_write_is_refused(tmp_path, mode):
    path = file_with(tmp_path / "token", TOKEN, mode)
    with pytest.raises(SettingsError, match=f"mode {mode:04o}.*chmod 600") as refused:
        kept_token(path)
    assert TOKEN not in str(refused.value)


@POSIX
def test_a_file_of_another_user_is_refused(tmp_path, monkeypatch):
    path = file_with(tmp_path / "token", TOKEN)
    if os.geteuid() == 0:
        os.chown(path, 12345, -1)
    else:
        owner = os.geteuid()
        monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    with pytest.raises(SettingsError, match="it belongs to another user"):
        kept_token(path)


@pytest.mark.parametrize(
    "text", ["", "\n" + TOKEN, "short", f"LIVECAM_TOKEN={TOKEN}", "ä" * 40, "x" * 5000, "a\0" * 30]
)
def test_a_file_without_a_token_is_one_clear_line_without_its_content(tmp_path, text):
    with pytest.raises(SettingsError, match="holds no token") as refused:
        kept_token(file_with(tmp_path / "token", text))
    assert "\n" not in str(refused.value)
    assert not text.strip() or text.strip() not in str(refused.value)


@POSIX
def test_what_is_no_file_is_one_clear_line_and_nobody_waits(tmp_path):
    os.mkfifo(tmp_path / "pipe", 0o600)
    (tmp_path / "dangling").symlink_to(tmp_path / "missing")
    for name in ("pipe", ".", "dangling", "missing/token", "x" * 300):
        with pytest.raises(SettingsError, match=r"token file .*: give"):
            kept_token(tmp_path / name)


@POSIX
def test_a_link_to_a_file_stays_a_link(tmp_path):
    file_with(tmp_path / "kept", TOKEN)
    (tmp_path / "token").symlink_to(tmp_path / "kept")
    token = kept_token(tmp_path / "token")
    assert keep_generation(tmp_path / "token", token, "abc")
    assert (tmp_path / "token").is_symlink()
    assert kept_token(tmp_path / "token").generation == "abc"
    assert kept_token(tmp_path / "token").text == TOKEN


def test_a_disk_that_takes_nothing_keeps_no_generation(tmp_path, monkeypatch):
    token = kept_token(tmp_path / "token")

    def full(**_):
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(tempfile, "mkstemp", full)
    assert not keep_generation(tmp_path / "token", token, "abc")
