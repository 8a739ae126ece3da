"""livecam's `measure` against its peers: each in a process of its own, taking turns.

The time of a peer is the median over its turns of the fastest call of each: what else goes on in
the machine lengthens calls and never shortens them.
"""

import json
import subprocess
import sys
from statistics import median

from benchmarks.child import ROOT, environment
from benchmarks.make import Scratch
from benchmarks.peer import PEERS
from benchmarks.table import Row

TURNS = 9
WARM_UP, CALLS = 5, 25
SLOW_CALLS = 8  # of those that take tens of milliseconds


class Peer:
    """A process that waits for its turn."""

    def __init__(self, name: str, place: Scratch) -> None:
        self.name, self.fastest_s = name, list[float]()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.peer", name, str(place.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment(place),
            cwd=ROOT,
        )
        self.missing = ""

    def get_ready(self) -> None:
        """Wait until the network is loaded; notes why where it cannot be."""
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        self.missing = (json.loads(said) if said else {"missing": "it crashed"}).get("missing", "")

    def take_turn(self, calls: int, *, counts: bool) -> None:
        """Run so many times."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{calls}\n")
        self._process.stdin.flush()
        said = self._process.stdout.readline()
        if not said:
            self.missing = "it crashed on the way"
        elif counts:
            self.fastest_s.append(min(json.loads(said)))

    def close(self) -> None:
        """Let it end."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)


def measure_networks(place: Scratch) -> dict[str, "float | str"]:
    """Milliseconds of each peer, or why it is missing."""
    peers = []
    for name in PEERS:  # one after the other: loading together would fill every core
        peers.append(Peer(name, place))
        peers[-1].get_ready()
    for turn in range(TURNS + 1):
        for peer in peers:
            if not peer.missing:
                slow = "Keras" in peer.name or "js" in peer.name
                calls = WARM_UP if turn == 0 else SLOW_CALLS if slow else CALLS
                peer.take_turn(calls, counts=turn > 0)
    for peer in peers:
        peer.close()
    return {p.name: p.missing or 1000.0 * median(p.fastest_s) for p in peers}


def network_rows(place: Scratch) -> list[Row]:
    """The rows with their targets."""
    found = measure_networks(place)
    ms = {name: value for name, value in found.items() if isinstance(value, float)}
    rows = [
        Row(f"one look: {name}", "", f"{value:.2f} ms" if name in ms else f"missing: {value}")
        for name, value in found.items()
    ]

    def ratio(what: str, target: str, over: str, under: str, limit: float, *, most: bool) -> None:
        if over not in ms or under not in ms:
            gone = over if over not in ms else under
            rows.append(Row(what, target, f"not judged: {gone} is missing"))
            return
        value = ms[over] / ms[under]
        passed = value <= limit if most else value >= limit
        rows.append(Row(what, target, f"{value:.2f} x", passed))

    own, small = "livecam float32", "livecam int8"
    ratio(
        "`measure` over LiteRT's bare `invoke`",
        "at most 1.10 x",
        own,
        "LiteRT invoke float32",
        1.10,
        most=True,
    )
    ratio("Keras `predict` over `measure`", "at least 12 x", "Keras predict", own, 12, most=False)
    ratio("ONNX Runtime over `measure`", "at least 1 x", "ONNX Runtime", own, 1, most=False)
    ratio("OpenVINO float32 over `measure`", "at least 1 x", "OpenVINO float32", own, 1, most=False)
    ratio("float32 over int8", "at least 2.3 x", own, small, 2.3, most=False)
    ratio("OpenVINO bfloat16 over int8", "at least 1 x", "OpenVINO bfloat16", small, 1, most=False)
    return rows
