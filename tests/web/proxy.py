"""A network between browser and program that can be cut and can freeze."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

RESET = struct.pack("ii", 1, 0)


@dataclass(eq=False)
class _Line:
    """One connection of the browser, and that of the proxy behind it."""

    browser: socket.socket
    program: socket.socket
    asked: bytes = b""

    def end(self, *, reset: bool = False) -> None:
        """Hang up on both; a reset says so at once, without a farewell."""
        for raw in (self.browser, self.program):
            with suppress(OSError):
                if reset:
                    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                # Whoever reads from it in another thread has to wake up before it can be closed.
                raw.shutdown(socket.SHUT_RD if reset else socket.SHUT_RDWR)
            raw.close()


class Proxy:
    """Hands bytes on between its own port and another one."""

    def __init__(self, target: int) -> None:
        """`target` is the program's port."""
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lines: list[_Line] = []
        self._flows = threading.Event()
        self._flows.set()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/"

    def freeze(self) -> None:
        """Hand nothing on; whoever connects gets no answer."""
        self._flows.clear()

    def thaw(self) -> None:
        """Go on."""
        self._flows.set()

    def cut(self, path: bytes, *, reset: bool) -> int:
        """End the connections that last asked for a path; gives how many."""
        lines = [line for line in self._lines if path in line.asked]
        for line in lines:
            self._lines.remove(line)
            line.end(reset=reset)
        return len(lines)

    def close(self) -> None:
        """End all of them."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._flows.set()
        self.cut(b"", reset=False)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                browser, _ = self._listener.accept()
                line = _Line(browser, socket.create_connection(("127.0.0.1", self._target)))
                self._lines.append(line)
                threading.Thread(target=self._ask, args=(line,), daemon=True).start()
                threading.Thread(target=self._answer, args=(line,), daemon=True).start()

    def _ask(self, line: _Line) -> None:
        with suppress(OSError):
            while piece := line.browser.recv(65536):
                if piece.startswith((b"GET ", b"POST ", b"PATCH ")):
                    line.asked = piece.partition(b"\r\n")[0]
                self._flows.wait()
                line.program.sendall(piece)
        line.end()

    def _answer(self, line: _Line) -> None:
        with suppress(OSError):
            while piece := line.program.recv(65536):
                self._flows.wait()
                line.browser.sendall(piece)
        line.end()


@contextmanager
def proxied(target: int) -> Iterator[Proxy]:
    """A proxy before a port."""
    proxy = Proxy(target)
    try:
        yield proxy
    finally:
        proxy.close()
