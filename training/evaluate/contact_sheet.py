"""A contact sheet: held-out photographs and rendered views with their daisy maps over them."""

from pathlib import Path

import cv2
import numpy as np

from training.data import rendered_scenes
from training.data.centred_square import SIDE_PX, squares_of
from training.data.picture_store import Picture, PictureStore
from training.evaluate.metrics import softmax
from training.network.keras_mobilenet import exported_network
from training.output_files import PICTURES
from training.settings import ACT_MAX, CLASSES, DAISY, Settings, Split

COLUMNS = 10
ROWS = (("daisy", 20), ("dandelion", 10), ("sunflower", 10), ("rose", 5), ("tulip", 5),
        ("photo", 5), ("clip", 5), ("drawn", 10))  # fmt: skip
GAIN = 0.1


def draw_contact_sheet(out: Path, target: Path, settings: Settings, split: Split = "test") -> None:
    """Draw the sheet; brightness is exp(0.1 * (A - act_max)), the same scale for all."""
    store = PictureStore(out / PICTURES)
    pictures: list[Picture] = []
    for kind, count in ROWS:
        entries = list(store.pick(split, kind))
        pictures += squares_of(store, entries[:: max(1, len(entries) // count)][:count])
    pictures += [view for view, _ in rendered_scenes.held_out_views(40)][::2]
    pictures += list(rendered_scenes.held_out_bare_views(30))[::3]
    predictions = exported_network(out, settings).predict(pictures)
    shown = zip(pictures, predictions.maps[:, DAISY], softmax(predictions.logits), strict=True)
    tiles = [_tile(*each) for each in shown]
    tiles += [tiles[0] * 0] * (-len(tiles) % COLUMNS)
    rows = [np.hstack(tiles[i : i + COLUMNS]) for i in range(0, len(tiles), COLUMNS)]
    cv2.imwrite(str(target), np.vstack(rows))


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
