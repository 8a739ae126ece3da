"""Makes the pictures of docs/place.md anew: `python docs/make_place_pictures.py`.

They show ImageNet's network (alpha 0.75) on small daisies pasted onto streets, and need the weights
and photographs of ../shared.
"""

import os
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.inputs.pasted_flowers import PastedFlower, pasted_daisies
from benchmarks.inputs.scratch_folder import SHARED

os.environ.setdefault("KERAS_HOME", str(SHARED / "keras"))

import livecam
from livecam.core.centre_cross import draw_cross
from livecam.core.map_choices import PLACES, Detail, Place
from livecam.core.types import BgrImage
from livecam.settings.schema import HeatSettings

FOLDER = Path(__file__).with_name("pictures")
GAP_PX, PAPER = 12, 255
SIDE_PX = 400
LETTERS_PX = 22  # height that the cross is made for
PLACED, PLATEAU = 139, 123
"""Which of the pasted daisies are shown."""
TRUTH = (120, 255, 120)
Picture = npt.NDArray[np.uint8]
MODEL = livecam.open_model("imagenet", alpha=0.75, engine="litert")
HEAT = HeatSettings(act_max="auto")


def drawn(
    daisy: PastedFlower, *, place: Place = "measured", detail: Detail = 1, cells: bool = False
) -> Picture:
    """The map on the picture, a cross at its centre, a ring around the flower."""
    measured = livecam.measure(MODEL, daisy.bgr, place=place, detail=detail)
    heat = HeatSettings(act_max="auto", interpolation="nearest") if cells else HEAT
    scale = SIDE_PX / daisy.bgr.shape[0]
    size = (SIDE_PX, SIDE_PX)
    big = np.asarray(cv2.resize(daisy.bgr, size, interpolation=cv2.INTER_AREA), np.uint8)
    picture = BgrImage(livecam.draw(big, measured, heat=heat, figures=False))
    x, y = (round(value * scale) for value in daisy.centre)
    cv2.circle(picture, (x, y), round(daisy.radius_px * scale), TRUTH, 1, cv2.LINE_AA)
    if measured.centre is not None:
        at_x, at_y = (value * scale for value in measured.centre)
        draw_cross(picture, (at_x, at_y), LETTERS_PX)
    return picture


def beside(pictures: list[Picture]) -> Picture:
    """Pictures of one height in a row."""
    gap = np.full((pictures[0].shape[0], GAP_PX, 3), PAPER, np.uint8)
    return np.concatenate([part for one in pictures for part in (gap, one)][1:], axis=1)


def main() -> None:
    """Make both."""
    daisies = list(pasted_daisies(SHARED, max(PLACED, PLATEAU) + 1))
    page, measured, exact = (PLACES[2], PLACES[0], PLACES[1])
    places = [drawn(daisies[PLACED], place=place) for place in (page, measured, exact)]
    plateau = [
        drawn(daisies[PLATEAU], detail=1, cells=True),
        drawn(daisies[PLATEAU], detail=1),
        drawn(daisies[PLATEAU], detail=2),
    ]
    for name, pictures in (("place", places), ("plateau", plateau)):
        target = str(FOLDER / f"{name}.jpg")
        cv2.imwrite(target, beside(pictures), [cv2.IMWRITE_JPEG_QUALITY, 88])


if __name__ == "__main__":
    main()
