"""A compact log: one line per so many steps, with the averages over them."""

from collections import defaultdict
from pathlib import Path
from time import strftime

from torch import Tensor


class TrainingLog:
    """Writes averages of named figures to a file and to the terminal."""

    def __init__(self, path: Path, every: int = 25) -> None:
        self._path, self._every = path, every
        self._sums: defaultdict[str, float] = defaultdict(float)
        self._count = 0

    def add(self, step: int, done: float, **figures: float | Tensor) -> None:
        """Add the figures of one step; write a line every so many steps."""
        self._count += 1
        for name, figure in figures.items():
            self._sums[name] += float(figure.detach() if isinstance(figure, Tensor) else figure)
        if (step + 1) % self._every == 0:
            means = " ".join(f"{n} {s / self._count:.4g}" for n, s in self._sums.items())
            self.write(f"step {step + 1} done {done:.4f} {means}")
            self._sums.clear()
            self._count = 0

    def write(self, text: str) -> None:
        """Write one line."""
        line = f"{strftime('%H:%M:%S')} {text}"
        print(line, flush=True)
        with self._path.open("a") as file:
            file.write(line + "\n")
