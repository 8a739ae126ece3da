"""Train, validation and test split: flowers by the hash of the name, other things by source.

Pictures of one source resemble each other (one table, one camera, one person), so a source is
trained on or kept apart as a whole. The held-out part has every kind of thing that people point a
camera at by another source than the training; where the data have one source only (food: recipes;
patterns: clothes) the few such pictures of Open Images and of the pavements stand in for it.
"""

import hashlib

from training.settings import Split

# photos/other_things: the part of the name before "__"; photos/other: the part before "_".
SPLIT_OF_SOURCE: dict[str, Split] = {
    "clothing": "train",  # patterns, floors, carpets
    "grocery": "train",  # groceries, hands
    "howtocook": "train",  # food: the only source of dishes
    "polyhaven": "train",  # rooms; without it rooms lose most (probe: 0.88)
    "trashnet": "train",  # things on white
    "streetcomplete": "train",  # streets, lawns, fruit on plants: the only greenery
    "intelvideos": "train",  # faces and hands; the same clips lie in video/ (intel_*)
    "coral": "train",
    "microbit": "validation",  # hands, boards, crafts on tables
    "farmbot": "validation",
    "openbot": "validation",
    "cvrecipes": "validation",
    "pxtev3": "validation",
    "openimages": "test",  # faces, rooms, food, groceries, hands, streets: 511 photographers
    "insectdetect": "test",  # hands with tools
    "roboflow": "test",
}

# A keyboard (three recordings) and a room with a dog: never trained on. The clips with faces are
# trained on, because the photographs have few; those of Open Images are held out.
TEST_CLIPS = ("decord_video", "moviepy_fire2")

# These show photographs of the collection, held-out ones among them, or a flower.
LEFT_OUT_CLIPS = ("flower_walk", "mdn_flower")


def split_of_photo(name: str) -> Split:
    """Return the split of a flower photograph: 80 % train, 10 % validation, 10 % test."""
    return _by_percent(_percent(name), validation_from=80, test_from=90)


def source_of(name: str) -> str:
    """Return the source of a picture of something else: "grocery" of "grocery__0001.jpg"."""
    return name.split("__", maxsplit=1)[0] if "__" in name else name.split("_", maxsplit=1)[0]


def split_of_other(name: str) -> Split:
    """Return the split of a picture of something else: that of its source.

    Raises:
        KeyError: for a source that nobody has decided about.

    """
    return SPLIT_OF_SOURCE[source_of(name)]


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
