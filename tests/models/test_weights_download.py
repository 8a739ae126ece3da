"""A download ends in bounded time, whatever the other side does, and is whole or nothing."""

import io
import itertools
import socket
import threading
import urllib.error
from contextlib import contextmanager, suppress
from email.message import Message

import pytest

from livecam.models import weights_download
from livecam.models.weights_download import BrokenOffError, download, reason_in_words


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "127.0.0.1")


@contextmanager
def server(*answer: bytes, is_closed: bool = True):
    """An address at which somebody gives this to the first who asks, and closes then or never."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        done = threading.Event()

        def serve():
            with suppress(OSError):
                connection, _ = listener.accept()
                with connection:
                    connection.recv(4096)
                    for part in answer:
                        connection.sendall(part)
                    if not is_closed:
                        done.wait(30)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/weights.h5"
        done.set()
        thread.join()


def head(length):
    return f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n".encode()


def test_all_of_it_is_written(tmp_path):
    with server(head(6), b"abc", b"def") as address:
        download(address, tmp_path / "x", lambda _: None)
    assert (tmp_path / "x").read_bytes() == b"abcdef"


def test_less_than_was_announced_is_a_failure(tmp_path):
    broken = pytest.raises(BrokenOffError, match="after 3 of 7 bytes")
    with server(head(7), b"abc") as address, broken:
        download(address, tmp_path / "x", lambda _: None)


@pytest.mark.parametrize("answer", [(), (head(7),), (head(7), b"abc")])
def test_a_server_that_falls_silent_is_not_waited_for_for_ever(answer, tmp_path, monkeypatch):
    monkeypatch.setattr(weights_download, "SILENCE_S", 0.05)
    failed = pytest.raises(OSError)  # noqa: PT011  (urllib wraps some of them)
    with server(*answer, is_closed=False) as address, failed as caught:
        download(address, tmp_path / "x", lambda _: None)
    assert reason_in_words(caught.value) == "no answer in time"


def test_a_proxy_that_falls_silent_neither(tmp_path, monkeypatch):
    monkeypatch.setattr(weights_download, "SILENCE_S", 0.05)
    with server(is_closed=False) as address:
        monkeypatch.setenv("https_proxy", address)
        with pytest.raises(OSError) as caught:  # noqa: PT011  (urllib wraps it)
            download("https://weights.example/x", tmp_path / "x", lambda _: None)
    assert reason_in_words(caught.value) == "no answer in time"


def test_all_the_addresses_of_a_name_together_have_one_limit(tmp_path, monkeypatch):
    """Behind a firewall that drops what it gets, each of them takes its whole time."""
    now_s, tried = [0.0], []

    def dropped(place, timeout, _source):
        tried.append(place)
        now_s[0] += timeout
        raise TimeoutError("timed out")

    addresses = [(2, 1, 6, "", (f"192.0.2.{n}", 443)) for n in range(20)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: addresses)
    monkeypatch.setattr(socket, "create_connection", dropped)
    monkeypatch.setattr(weights_download.time, "monotonic", lambda: now_s[0])
    monkeypatch.setenv("no_proxy", "*")
    with pytest.raises(urllib.error.URLError) as caught:
        download("https://weights.example/x", tmp_path / "x", lambda _: None)
    assert now_s[0] == weights_download.CONNECT_S
    assert len(tried) == 3
    assert reason_in_words(caught.value) == "no answer in time"


class Trickle:
    """An answer of small pieces."""

    def __init__(self, pieces):
        self.pieces, self.headers = iter(pieces), Message()

    def read1(self, _most):
        return next(self.pieces, b"")


def test_progress_is_told_every_few_seconds():
    told, seconds = [], itertools.count(0.0, 2.0)
    copied = weights_download._copy(
        Trickle([bytes(100_000)] * 8), io.BytesIO(), told.append, lambda: next(seconds)
    )
    assert copied == 800_000
    assert told == [300_000, 600_000]


def test_a_trickle_is_given_up():
    seconds = itertools.count(0.0, 10.0)
    with pytest.raises(BrokenOffError, match="too slow: 0 kB in 60 s"):
        weights_download._copy(
            Trickle(itertools.repeat(b"x")), io.BytesIO(), lambda _: None, lambda: next(seconds)
        )


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (urllib.error.HTTPError("http://x", 404, "Not Found", Message(), None), "404 Not Found"),
        (urllib.error.URLError(socket.gaierror(-2, "Name or service not known")), "no network?"),
        (urllib.error.URLError(ConnectionRefusedError(111, "refused")), "connection refused"),
        (ConnectionResetError(104, "Connection reset by peer"), "Connection reset by peer"),
    ],
)
def test_the_reason_is_in_words(error, words):
    assert reason_in_words(error).endswith(words)
    if isinstance(error, urllib.error.HTTPError):
        error.close()
