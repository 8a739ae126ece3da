"""Small flowers of photographs in front of streets or other things: pictures whose truth is known.

The outlines were found with GrabCut around ellipses drawn by hand, and looked at: one whole flower
of each photograph. The same pictures come out every time.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from livecam.core.crop import centred_square
from livecam.core.types import BgrImage

OUTLINES = Path(__file__).with_name("outlines")
KINDS = ("daisy", "dandelion", "rose", "sunflower", "tulip")
FOLDERS = ("daisy", "dandelion", "roses", "sunflowers", "tulips")
SIDE_PX = 448  # of a picture; twice what the network sees at detail 1
SMALLEST, LARGEST = 50 / 224, 90 / 224  # diameter of a flower, of the side
BLUR_SIGMA = 4 / 224  # of the ground, of the side
FEATHER_SIGMA_PX = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class PastedFlower:
    """A picture with one small flower.

    Attributes:
        bgr: uint8 [448, 448, 3].
        mask: bool [448, 448], the flower's pixels.
        centre: x and y of the mask's centre of mass, in pixels.
        radius_px: half the mean of the width and height of the mask.
        bounds: left, top, width and height of the mask.
    """

    bgr: BgrImage
    mask: npt.NDArray[np.bool_]
    centre: tuple[float, float]
    radius_px: float
    bounds: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, eq=False)
class _CutFlower:
    """The flower of a photograph, cut out along its outline."""

    bgr: npt.NDArray[np.uint8]
    cover: npt.NDArray[np.uint8]  # 255 on the flower


@dataclass(frozen=True, slots=True)
class Ground:
    """What flowers are pasted onto.

    Attributes:
        source: of photographs of other things: how their names begin.
        blurred: whether they are out of focus.
    """

    source: str
    blurred: bool = True


STREETS = Ground("streetcomplete")


def pasted_daisies(
    shared: Path, count: int, seed: int = 0, ground: Ground = STREETS
) -> Iterator[PastedFlower]:
    """So many pictures of 25 daisies; none where `shared` has no photographs.

    Args:
        shared: the folder that has them.
        count: how many.
        seed: of flowers, places and grounds.
        ground: what they are pasted onto.
    """
    return _pictures(_flowers(shared, "daisy", "daisy"), shared, count, seed, ground)


def pasted_held_out_flowers(
    kind: str, shared: Path, count: int, seed: int = 0, ground: Ground = STREETS
) -> Iterator[PastedFlower]:
    """The same of one of KINDS, of photographs that `flowers` was not trained on."""
    return _pictures(_flowers(shared, f"held_out_{kind}", kind), shared, count, seed, ground)


def _pictures(
    flowers: list[_CutFlower], shared: Path, count: int, seed: int, ground: Ground
) -> Iterator[PastedFlower]:
    rng = np.random.default_rng(seed)
    grounds = sorted((shared / "photos" / "other_things").glob(f"{ground.source}__*.jpg"))
    if not flowers or not grounds:
        return
    for number in range(count):
        square = _square(grounds[rng.integers(len(grounds))], blurred=ground.blurred)
        yield _pasted(rng, flowers[number % len(flowers)], square)


def _flowers(shared: Path, outlines: str, kind: str) -> list[_CutFlower]:
    folder = shared / "photos" / "flowers" / FOLDERS[KINDS.index(kind)]
    each = json.loads((OUTLINES / f"{outlines}.json").read_text("utf-8"))
    present = ((folder / name, outline) for name, outline in each.items())
    return [_cut(file, np.array(of, np.int32)) for file, of in present if file.is_file()]


def _cut(file: Path, outline: npt.NDArray[np.int32]) -> _CutFlower:
    bgr = cv2.imread(str(file))
    assert bgr is not None, file
    cover = np.zeros(bgr.shape[:2], np.uint8)
    cv2.fillPoly(cover, [outline], 255)
    left, top, width, height = cv2.boundingRect(outline)
    part = np.s_[max(0, top - 2) : top + height + 2, max(0, left - 2) : left + width + 2]
    return _CutFlower(np.asarray(bgr[part], np.uint8), cover[part])


def _square(file: Path, *, blurred: bool) -> npt.NDArray[np.uint8]:
    bgr = cv2.imread(str(file))
    assert bgr is not None, file
    box = centred_square(bgr.shape[1], bgr.shape[0])
    square = box.part_of(np.asarray(bgr, np.uint8))
    small = cv2.resize(square, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
    if blurred:
        small = cv2.GaussianBlur(small, (0, 0), BLUR_SIGMA * SIDE_PX)
    return np.asarray(small, np.uint8)


def _pasted(
    rng: np.random.Generator, flower: _CutFlower, ground: npt.NDArray[np.uint8]
) -> PastedFlower:
    """The flower, mirrored or not, anywhere within the picture."""
    diameter = rng.uniform(SMALLEST, LARGEST) * SIDE_PX
    height, width = flower.cover.shape
    scale = 2 * diameter / (width + height)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    size = (round(width * scale), round(height * scale))
    small, cover = (cv2.resize(p, size, interpolation=way) for p in (flower.bgr, flower.cover))
    if rng.random() < 0.5:
        small, cover = small[:, ::-1], cover[:, ::-1]
    left, top = (int(rng.integers(0, SIDE_PX - side + 1)) for side in size)
    region = np.s_[top : top + size[1], left : left + size[0]]
    picture, mask = ground.copy(), np.zeros(ground.shape[:2], bool)
    soft = cv2.GaussianBlur(cover, (0, 0), FEATHER_SIGMA_PX)[..., np.newaxis] / 255.0
    picture[region] = np.round(soft * small + (1 - soft) * picture[region]).astype(np.uint8)
    mask[region] = cover > 127
    rows, columns = np.nonzero(mask)
    bounds = cv2.boundingRect(mask.astype(np.uint8))
    left, top, width, height = (int(side) for side in bounds)
    return PastedFlower(
        bgr=BgrImage(picture),
        mask=mask,
        centre=(float(columns.mean()) + 0.5, float(rows.mean()) + 0.5),
        radius_px=(width + height) / 4,
        bounds=(left, top, width, height),
    )
