"""A contact sheet: held-out photographs and rendered views with maps of flowers over them."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from training.data import rendered_scenes
from training.data.centred_square import SIDE_PX, squares_of
from training.data.other_groups import GROUPS
from training.data.picture_store import Entry, Picture, PictureStore
from training.network.keras_mobilenet import exported_network
from training.output_files import PICTURES
from training.settings import ACT_MAX, CLASSES, DAISY, OTHER, Settings, Split

COLUMNS = 10
ROWS = (("daisy", 10), ("dandelion", 10), ("rose", 10), ("sunflower", 10), ("tulip", 10),
        ("clip", 10), ("drawn", 10))  # fmt: skip
PER_GROUP = 5
GAIN = 0.1


def draw_contact_sheet(out: Path, target: Path, settings: Settings, split: Split = "test") -> None:
    """Draw the sheet; brightness is exp(0.1 * (A - act_max)), the same scale for all."""
    store = PictureStore(out / PICTURES)
    pictures: list[Picture] = []
    labels: list[int] = []
    for entries in _rows(store, split):
        pictures += squares_of(store, entries)
        labels += [entry.label for entry in entries]
    views = [view for view, _ in rendered_scenes.held_out_views(20)][::2]
    pictures, labels = pictures + views, labels + [DAISY] * len(views)
    bare = list(rendered_scenes.held_out_bare_views(30))[::3]
    pictures, labels = pictures + bare, labels + [OTHER] * len(bare)
    found = exported_network(out, settings).predict(pictures)
    # Of flowers their own map; of other things that of the likeliest flower.
    own = np.where(np.array(labels) < OTHER, labels, found.logits[:, :OTHER].argmax(1))
    shown = zip(pictures, found.maps[np.arange(len(own)), own], found.probabilities, strict=True)
    tiles = [_tile(*each) for each in shown]
    tiles += [tiles[0] * 0] * (-len(tiles) % COLUMNS)
    rows = [np.hstack(tiles[i : i + COLUMNS]) for i in range(0, len(tiles), COLUMNS)]
    cv2.imwrite(str(target), np.vstack(rows))


def _rows(store: PictureStore, split: Split) -> Iterator[list[Entry]]:
    for kind, count in ROWS:
        yield _spread(list(store.pick(split, kind)), count)
    photos = list(store.pick(split, "photo"))
    for group in GROUPS:
        yield _spread([entry for entry in photos if entry.group == group], PER_GROUP)


def _spread(entries: list[Entry], count: int) -> list[Entry]:
    return entries[:: max(1, len(entries) // count)][:count]


def _tile(picture: Picture, grid: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    brightness = np.minimum(np.exp(GAIN * (grid - ACT_MAX)), 1.0)
    heat = cv2.resize((brightness * 255).astype(np.uint8), (SIDE_PX, SIDE_PX))
    heat_bgr = cv2.applyColorMap(heat, cv2.COLORMAP_JET)
    tile = cv2.addWeighted(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), 0.55, heat_bgr, 0.45, 0)
    row, column = np.unravel_index(grid.argmax(), grid.shape)
    cell = SIDE_PX // grid.shape[0]
    middle = (int((column + 0.5) * cell), int((row + 0.5) * cell))
    cv2.circle(tile, middle, 6, (255, 255, 255), 1, cv2.LINE_AA)
    text = f"{CLASSES[probabilities.argmax()]} {probabilities.max():.2f}  {grid.max():.0f}"
    cv2.putText(tile, text, (3, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (255, 255, 255), 1)
    return tile
