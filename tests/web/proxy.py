"""A proxy between browser and program that can close connections and stop forwarding."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

RESET = struct.pack("ii", 1, 0)


@dataclass(eq=False)
class _Connection:
    """One connection of the browser, and that of the proxy behind it."""

    browser: socket.socket
    program: socket.socket
    request_line: bytes = b""

    def end(self, *, reset: bool = False) -> None:
        """Close both; a reset does it at once, without a closing handshake."""
        for raw in (self.browser, self.program):
            with suppress(OSError):
                if reset:
                    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                # A thread that reads from it has to wake up before it can be closed.
                raw.shutdown(socket.SHUT_RD if reset else socket.SHUT_RDWR)
            raw.close()


class Proxy:
    """Forwards bytes between its own port and another one."""

    def __init__(self, target: int) -> None:
        """`target` is the program's port."""
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._connections: list[_Connection] = []
        self._forwards = threading.Event()
        self._forwards.set()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/"

    def freeze(self) -> None:
        """Forward nothing; new connections get no answer."""
        self._forwards.clear()

    def unfreeze(self) -> None:
        """Forward again."""
        self._forwards.set()

    def cut(self, path: bytes, *, reset: bool) -> int:
        """Close the connections whose last request was for a path; returns how many."""
        connections = [
            connection for connection in self._connections if path in connection.request_line
        ]
        for connection in connections:
            self._connections.remove(connection)
            connection.end(reset=reset)
        return len(connections)

    def close(self) -> None:
        """Close all of them."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._forwards.set()
        self.cut(b"", reset=False)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                browser, _ = self._listener.accept()
                connection = _Connection(
                    browser, socket.create_connection(("127.0.0.1", self._target))
                )
                self._connections.append(connection)
                threading.Thread(
                    target=self._forward_request, args=(connection,), daemon=True
                ).start()
                threading.Thread(
                    target=self._forward_response, args=(connection,), daemon=True
                ).start()

    def _forward_request(self, connection: _Connection) -> None:
        with suppress(OSError):
            while piece := connection.browser.recv(65536):
                if piece.startswith((b"GET ", b"POST ", b"PATCH ")):
                    connection.request_line = piece.partition(b"\r\n")[0]
                self._forwards.wait()
                connection.program.sendall(piece)
        connection.end()

    def _forward_response(self, connection: _Connection) -> None:
        with suppress(OSError):
            while piece := connection.program.recv(65536):
                self._forwards.wait()
                connection.browser.sendall(piece)
        connection.end()


@contextmanager
def proxied(target: int) -> Iterator[Proxy]:
    """A proxy in front of a port."""
    proxy = Proxy(target)
    try:
        yield proxy
    finally:
        proxy.close()
