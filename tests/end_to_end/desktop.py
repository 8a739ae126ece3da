"""A virtual screen with a window manager, and hands to use it: Xvfb, openbox, xdotool."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from support import eventually

PROGRAMS = ("Xvfb", "openbox", "xdotool", "xwininfo")


def missing_programs() -> list[str]:
    """Those that have to be installed before a screen can be had."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


@dataclass
class Desktop:
    """One virtual screen; `title` is the window that the hands reach for.

    `memory` is the file that Xvfb keeps the screen in: to look at it costs no program.
    """

    display: str
    memory: Path
    title: str = "livecam"
    known_window: str = ""

    def run(self, *command: str) -> bytes:
        """A program of the desktop; gives what it prints."""
        env = os.environ | {"DISPLAY": self.display}
        return subprocess.run(command, env=env, capture_output=True, check=True).stdout

    def screenshot(self) -> np.ndarray:
        """The screen as uint8 BGR [height, width, 3]."""
        return decoded_xwd(self.memory.read_bytes())

    def window_ids(self) -> list[str]:
        """The program's visible windows."""
        env = os.environ | {"DISPLAY": self.display}
        command = ["xdotool", "search", "--onlyvisible", "--class", f"^{self.title}$"]
        found = subprocess.run(command, env=env, capture_output=True, check=False)
        return found.stdout.decode().split()

    def window(self) -> str:
        """The program's window, once it is there."""
        return eventually(lambda: self.window_ids()[-1:])[0]

    def geometry(self) -> dict[str, int]:
        """X, Y, WIDTH and HEIGHT of the window's inside, on the screen."""
        # xdotool counts the title bar twice; xwininfo does not.
        self.known_window = self.known_window or self.window()
        try:
            text = self.run("xwininfo", "-id", self.known_window).decode()
        except subprocess.CalledProcessError:  # it is another one by now
            self.known_window = self.window()
            text = self.run("xwininfo", "-id", self.known_window).decode()
        names = {"Absolute upper-left X": "X", "Absolute upper-left Y": "Y"}
        names |= {"Width": "WIDTH", "Height": "HEIGHT"}
        pairs = (line.strip().split(":", 1) for line in text.splitlines() if ":" in line)
        return {names[name]: int(value) for name, value in pairs if name in names}

    def picture(self) -> np.ndarray:
        """What the window shows."""
        g = self.geometry()
        return self.screenshot()[g["Y"] : g["Y"] + g["HEIGHT"], g["X"] : g["X"] + g["WIDTH"]]

    def press(self, key: str) -> None:
        """Press one key, as a user would: Shift first, then the letter."""
        keys = ["key", key]
        if key.startswith("shift+"):
            keys = ["keydown", "shift", "sleep", "0.3", "key", key[6:], "keyup", "shift"]
        self.run("xdotool", "windowfocus", "--sync", self.window(), *keys)

    def press_place(self, place: str) -> None:
        """Press the key that lies there, by its number in X, whatever it types."""
        self.run("xdotool", "windowfocus", "--sync", self.window())
        self.run("xdotool", "key", place)

    @contextmanager
    def layout(self, name: str) -> Iterator[None]:
        """Another keyboard."""
        self.run("setxkbmap", name)
        try:
            yield
        finally:
            self.run("setxkbmap", "us")

    @contextmanager
    def held(self, key: str) -> Iterator[None]:
        """Keep one key down as long as the block lasts: X repeats it."""
        self.run("xdotool", "windowfocus", "--sync", self.window())
        self.run("xdotool", "keydown", key)
        try:
            yield
        finally:
            self.run("xdotool", "keyup", key)

    def hold(self, key: str, seconds: float) -> None:
        """Keep one key down for so long."""
        self.run("xdotool", "windowfocus", "--sync", self.window())
        self.run("xdotool", "keydown", key, "sleep", str(seconds), "keyup", key)

    def click_close_button(self) -> None:
        """The cross in the window's title bar."""
        g = self.geometry()
        x, y = g["X"] + g["WIDTH"] - 10, g["Y"] - 10
        self.run("xdotool", "mousemove", str(x), str(y), "click", "1")

    def move_to_middle(self) -> None:
        """Put the pointer into the middle of the window."""
        g = self.geometry()
        x, y = g["X"] + g["WIDTH"] // 2, g["Y"] + g["HEIGHT"] // 2
        self.run("xdotool", "mousemove", str(x), str(y))

    def wheel(self, notches: int) -> None:
        """Turn the wheel, positive away from the user."""
        self.move_to_middle()
        button = "4" if notches > 0 else "5"
        self.run("xdotool", "click", "--repeat", str(abs(notches)), "--delay", "60", button)

    def drag(self, dx: int, dy: int, steps: int = 8) -> None:
        """Drag from the middle of the window."""
        self.move_to_middle()
        moves = ["mousemove_relative", "--", str(dx // steps), str(dy // steps), "sleep", "0.05"]
        self.run("xdotool", "mousedown", "1", "sleep", "0.05", *moves * steps, "mouseup", "1")


def decoded_xwd(dump: bytes) -> np.ndarray:
    """The pixels of an X window dump, as Xvfb keeps it, of 24 or 32 bits a pixel: uint8 BGR."""
    header = np.frombuffer(dump, ">u4", count=25)
    size, width, height, bits, line = (int(header[i]) for i in (0, 4, 5, 11, 12))
    pixel = bits // 8
    begin = size + 12 * int(header[19])
    rows = np.frombuffer(dump, np.uint8, count=line * height, offset=begin).reshape(height, line)
    return rows[:, : pixel * width].reshape(height, width, pixel)[:, :, :3].copy()
