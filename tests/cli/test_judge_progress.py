"""What is said while one picture is judged: that it takes long, and how far it is."""

from itertools import count

import pytest

from livecam.cli.judge_progress import JudgeProgress


class Shown:
    """A bar that keeps what it was told."""

    def __init__(self) -> None:
        self.words, self.pictures = [], 0

    def advance(self) -> None:
        self.pictures += 1

    def describe(self, words: str) -> None:
        self.words.append(words)


def looked(seconds_each: float, bar: Shown | None = None) -> list[str]:
    """What is said about two pictures of 174 looks each."""
    said: list[str] = []
    times = count()
    progress = JudgeProgress(174, "be quick", said.append, bar, lambda: next(times) * seconds_each)
    for _ in range(2):
        progress.begin(3000, 100)
        for _ in range(174):
            progress.look()
        progress.end()
    return said


def test_a_picture_that_takes_long_is_told_once():
    (said,) = looked(0.38)
    assert "a picture of 3000 x 100 takes about 66 s (174 looks" in said
    assert said.endswith(": be quick")


@pytest.mark.parametrize("seconds_each", [0.002, 0.05])
def test_nothing_is_said_of_others(seconds_each):
    assert looked(seconds_each) == []


def test_the_bar_moves_within_a_picture_that_takes_long():
    bar = Shown()
    looked(0.38, bar)
    assert bar.pictures == 2
    moved = [words for words in bar.words if words.startswith("judged; look ")]
    assert len(moved) == len(set(moved)) * 2 > 100
    assert bar.words[-1] == "judged"
    quick = Shown()
    looked(0.002, quick)
    assert quick.words == ["judged", "judged"]
