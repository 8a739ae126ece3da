"""Drawn pictures of things that are no flowers: walls, rooms, leaves, skin, clutter, noise."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.random import Generator

from training.data.picture_store import Picture

SIDE_PX = 256
Colour = np.ndarray  # float RGB, 0..255


def drawn_picture(rng: Generator) -> Picture:
    """Draw one picture, uint8 RGB 256 x 256."""
    makers: tuple[Callable[[Generator], Picture], ...] = (
        texture, wall, room, foliage, person, clutter, stripes, writing, discs, plate, shelf,
        cloth, spokes)  # fmt: skip
    picture = makers[rng.integers(len(makers))](rng)
    if rng.random() < 0.3:  # a dark or overexposed room
        picture = np.clip(picture.astype(np.float32) * rng.uniform(0.15, 1.6), 0, 255)
    return picture.astype(np.uint8)


def texture(rng: Generator) -> Picture:
    """Colour noise of several octaves."""
    total = np.zeros((SIDE_PX, SIDE_PX, 3), np.float32)
    for octave in rng.choice([2, 3, 5, 9, 17, 33, 65, 129], rng.integers(1, 5), replace=False):
        channels = 3 if rng.random() < 0.5 else 1
        grid = rng.normal(0, 1, (octave, octave, channels)).astype(np.float32)
        total += rng.uniform(10, 60) * _enlarged(grid)
    return _clip(total + any_colour(rng))


def wall(rng: Generator) -> Picture:
    """A plain wall under uneven light."""
    light = _enlarged(rng.uniform(0.6, 1.2, (2, 2, 1)).astype(np.float32))
    return _grainy(rng, indoor_colour(rng) * light)


def room(rng: Generator) -> Picture:
    """Walls, floor, and upright boxes: windows, shelves, screens, posters."""
    picture = np.array(wall(rng), np.float32)
    horizon = int(rng.uniform(0.55, 0.95) * SIDE_PX)
    picture[horizon:] = indoor_colour(rng)
    for _ in range(rng.integers(2, 12)):
        left, top = rng.integers(-40, SIDE_PX - 20, 2)
        right, bottom = left + rng.integers(8, 150), top + rng.integers(8, 150)
        box = ((int(left), int(top)), (int(right), int(bottom)))
        thick = -1 if rng.random() < 0.7 else int(rng.integers(1, 8))
        cv2.rectangle(picture, *box, indoor_colour(rng).tolist(), thick)
    return _blurred(rng, _grainy(rng, picture))


def foliage(rng: Generator) -> Picture:
    """Green leaves or grass, sharp or out of focus."""
    picture = np.array(texture(rng), np.float32) * 0.3 + green(rng) * 0.7
    grass = rng.random() < 0.4
    for _ in range(rng.integers(20, 160)):
        centre = rng.integers(0, SIDE_PX, 2).tolist()
        length = rng.uniform(8, 60)
        axes = (int(length), max(1, int(length * (0.05 if grass else rng.uniform(0.2, 0.7)))))
        angle = float(rng.normal(90, 25) if grass else rng.uniform(0, 360))
        cv2.ellipse(picture, centre, axes, angle, 0, 360, green(rng).tolist(), -1, cv2.LINE_AA)
    return _blurred(rng, _clip(picture))


def person(rng: Generator) -> Picture:
    """A rough head and shoulders, or only hands' worth of skin, before some background."""
    backdrop = (wall, room, foliage, texture)[rng.integers(4)]
    picture = np.array(backdrop(rng), np.float32)
    skin, hair, x = skin_colour(rng), rng.uniform(0, 110, 3), int(rng.uniform(60, 196))
    y, size = int(rng.uniform(70, 150)), int(rng.uniform(25, 75))
    _oval(picture, (x, y + 3 * size), (int(2.2 * size), int(1.8 * size)), any_colour(rng))
    _oval(picture, (x, y - size // 4), (int(0.95 * size), int(1.2 * size)), hair)
    _oval(picture, (x, y), (int(0.75 * size), size), skin)
    for side in (-1, 1):
        _oval(picture, (x + side * size // 3, y - size // 6), (size // 8, size // 12), hair * 0.3)
    _oval(picture, (x, y + size // 2), (size // 4, size // 14), skin * 0.6)
    for _ in range(rng.integers(0, 5)):  # hands
        _oval(picture, rng.integers(0, SIDE_PX, 2).tolist(), rng.integers(8, 50, 2).tolist(), skin)
    return _blurred(rng, _grainy(rng, picture))


def clutter(rng: Generator) -> Picture:
    """Polygons and lines of any colour."""
    picture = np.array(texture(rng), np.float32)
    for _ in range(rng.integers(3, 40)):
        middle, spread = rng.uniform(0, SIDE_PX, 2), rng.uniform(5, 90)
        corners = (middle + rng.normal(0, spread, (rng.integers(3, 7), 2))).astype(np.int32)
        if rng.random() < 0.7:
            cv2.fillPoly(picture, [corners], any_colour(rng).tolist(), cv2.LINE_AA)
        else:
            thick = int(rng.integers(1, 9))
            cv2.polylines(picture, [corners], False, any_colour(rng).tolist(), thick, cv2.LINE_AA)
    return _blurred(rng, _clip(picture))


def stripes(rng: Generator) -> Picture:
    """Stripes, checks, keys and tiles."""
    rows, columns = np.mgrid[:SIDE_PX, :SIDE_PX].astype(np.float32)
    turn, period = rng.uniform(0, np.pi), rng.uniform(4, 60)
    along = np.cos(turn) * rows + np.sin(turn) * columns
    across = np.cos(turn) * columns - np.sin(turn) * rows
    wave = np.sign(np.sin(2 * np.pi * along / period))
    if rng.random() < 0.6:
        wave = np.maximum(
            wave, np.sign(np.sin(2 * np.pi * across / (period * rng.uniform(0.5, 2))))
        )
    mix = (wave[..., None] + 1) / 2
    return _blurred(rng, _grainy(rng, mix * any_colour(rng) + (1 - mix) * any_colour(rng)))


def writing(rng: Generator) -> Picture:
    """A page, a label or a screen with letters."""
    picture = wall(rng)  # putText draws on uint8 only
    for _ in range(rng.integers(3, 20)):
        text = "".join(rng.choice(list("abcdefghijklmnoprstuvwxyz0123456789 "), 14))
        at = (int(rng.integers(-40, 120)), int(rng.integers(10, SIDE_PX)))
        size, colour = float(rng.uniform(0.3, 2.0)), any_colour(rng).tolist()
        cv2.putText(picture, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, colour, 2, cv2.LINE_AA)
    return _blurred(rng, _clip(picture))


def discs(rng: Generator) -> Picture:
    """Balls, plates, lamps, buttons: round things, many of them yellow or white, without petals."""
    backdrop = (wall, room, foliage, texture)[rng.integers(4)]
    picture = np.array(backdrop(rng), np.float32)
    for _ in range(rng.integers(1, 9)):
        at, radius = rng.integers(0, SIDE_PX, 2).tolist(), int(rng.uniform(5, 80))
        hues = (np.array([240.0, 190, 30]), np.array([250.0, 250, 250]), any_colour(rng))
        colour = hues[rng.integers(3)] * rng.uniform(0.6, 1.0)
        for ring in range(radius, 0, -max(2, radius // 8)):  # shaded like a ball
            shade = colour * (1.0 - 0.4 * ring / radius)
            cv2.circle(picture, at, ring, shade.tolist(), -1, cv2.LINE_AA)
    return _blurred(rng, _clip(picture))


def plate(rng: Generator) -> Picture:
    """Food: lumps and slices of warm colours on a plate or in a bowl."""
    picture = np.array((wall, room, texture)[rng.integers(3)](rng), np.float32)
    at, radius = rng.integers(70, 186, 2), int(rng.uniform(60, 130))
    rim = indoor_colour(rng)
    for share, colour in ((1.0, rim), (0.8, rim * rng.uniform(0.8, 1.0))):
        _oval(picture, at.tolist(), (int(radius * share), int(radius * share * 0.8)), colour)
    colours = [rng.uniform(60, 255) * np.array([1.0, rng.uniform(0.3, 0.95), rng.uniform(0, 0.6)])
               for _ in range(rng.integers(1, 5))]  # fmt: skip
    for _ in range(rng.integers(5, 70)):
        where = (at + rng.normal(0, radius * 0.33, 2)).astype(int).tolist()
        axes = rng.integers(4, max(6, radius // 3), 2).tolist()
        colour = colours[rng.integers(len(colours))] * rng.uniform(0.7, 1.1)
        angle = float(rng.uniform(0, 360))
        cv2.ellipse(picture, where, axes, angle, 0, 360, colour.tolist(), -1, cv2.LINE_AA)
    return _blurred(rng, _grainy(rng, picture))


def shelf(rng: Generator) -> Picture:
    """Groceries: rows of equal packages, balls or bottles in bright colours."""
    picture = np.array(wall(rng), np.float32)
    high = int(rng.uniform(30, 110))
    for top in range(int(rng.integers(-high, 1)), SIDE_PX, high):
        wide, shape = int(rng.uniform(14, 90)), rng.integers(3)
        colours = [any_colour(rng) for _ in range(rng.integers(1, 4))]
        for left in range(int(rng.integers(-wide, 1)), SIDE_PX, wide):
            colour = colours[rng.integers(len(colours))] * rng.uniform(0.75, 1.0)
            middle, axes = (left + wide // 2, top + high // 2), (int(wide * 0.48), int(high * 0.45))
            if shape == 0:
                ends = (left + 1, top + 2), (left + wide - 2, top + high - 3)
                cv2.rectangle(picture, *ends, colour.tolist(), -1)
                _oval(picture, middle, (wide // 4, high // 5), any_colour(rng))
            else:
                round_axes = axes if shape == 1 else (min(axes),) * 2
                _oval(picture, middle, round_axes, colour)
                shine = (middle[0] - wide // 8, middle[1] - high // 8)
                _oval(picture, shine, (max(1, wide // 12), max(1, high // 12)), colour * 1.3)
    return _blurred(rng, _grainy(rng, picture))


def cloth(rng: Generator) -> Picture:
    """Patterns on clothes: dots, checks of several widths, leaves in a grid, folded."""
    rows, columns = np.mgrid[:SIDE_PX, :SIDE_PX].astype(np.float32)
    ground, shift = any_colour(rng), _enlarged(rng.normal(0, 12, (4, 4, 2)).astype(np.float32))
    picture = np.full((SIDE_PX, SIDE_PX, 3), ground, np.float32)
    if rng.random() < 0.5:
        for along in (rows, columns) * int(rng.integers(1, 3)):
            period = rng.uniform(8, 60)
            band = (along % period < period * rng.uniform(0.1, 0.6))[..., None]
            picture = np.where(band, 0.5 * picture + 0.5 * any_colour(rng), picture)
    else:
        period, colour = int(rng.uniform(10, 50)), any_colour(rng)
        axes = rng.uniform(0.1, 0.45, 2) * period
        for row in range(0, SIDE_PX + period, period):
            for column in range(0, SIDE_PX + period, period):
                at = (column + (row // period % 2) * period // 2, row)
                _oval(picture, at, (max(1, int(axes[0])), max(1, int(axes[1]))), colour)
    folds = _enlarged(rng.uniform(0.7, 1.15, (5, 5, 1)).astype(np.float32))
    where = (columns + shift[..., 0], rows + shift[..., 1])
    folded = cv2.remap(picture, *where, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    return _blurred(rng, _grainy(rng, folded * folds))


def spokes(rng: Generator) -> Picture:
    """Wheels, fans, clocks and lamps: thin straight lines around a middle, with a rim."""
    picture = np.array((wall, room, texture, foliage)[rng.integers(4)](rng), np.float32)
    for _ in range(rng.integers(1, 4)):
        middle, radius = rng.integers(20, 236, 2), rng.uniform(25, 110)
        colour, count, thick = indoor_colour(rng).tolist(), rng.integers(4, 40), rng.integers(1, 4)
        for angle in np.linspace(0, 2 * np.pi, int(count), endpoint=False) + rng.uniform(0, 1):
            end = (middle + radius * np.array([np.cos(angle), np.sin(angle)])).astype(int)
            ends = middle.tolist(), end.tolist()
            cv2.line(picture, *ends, colour, int(thick), cv2.LINE_AA)
        rim = int(rng.integers(1, 9))
        cv2.circle(
            picture, middle.tolist(), int(radius), any_colour(rng).tolist(), rim, cv2.LINE_AA
        )
    return _blurred(rng, _grainy(rng, picture))


def any_colour(rng: Generator) -> Colour:
    """Any colour at all."""
    return rng.uniform(0, 255, 3)


def indoor_colour(rng: Generator) -> Colour:
    """White, grey, beige, wood, now and then a painted wall."""
    if rng.random() < 0.15:
        return any_colour(rng)
    warm = rng.uniform(0.0, 0.35)
    return rng.uniform(20, 250) * np.array([1.0, 1.0 - 0.4 * warm, 1.0 - warm])


def green(rng: Generator) -> Colour:
    """The colour of a leaf."""
    value = rng.uniform(30, 220)
    return value * np.array([rng.uniform(0.2, 0.95), 1.0, rng.uniform(0.1, 0.7)])


def skin_colour(rng: Generator) -> Colour:
    """Skin, from dark to light."""
    return rng.uniform(70, 250) * np.array([1.0, rng.uniform(0.6, 0.85), rng.uniform(0.4, 0.75)])


def _oval(picture: np.ndarray, at: tuple[int, int], axes: tuple[int, int], colour: Colour) -> None:
    cv2.ellipse(picture, at, axes, 0, 0, 360, np.asarray(colour).tolist(), -1, cv2.LINE_AA)


def _enlarged(grid: np.ndarray) -> np.ndarray:
    enlarged = cv2.resize(grid, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_CUBIC)
    return enlarged.reshape(SIDE_PX, SIDE_PX, -1)


def _grainy(rng: Generator, picture: np.ndarray) -> Picture:
    grain = rng.normal(0, rng.uniform(0, 8), (SIDE_PX, SIDE_PX, 1))
    return _clip(picture + grain)


def _blurred(rng: Generator, picture: np.ndarray) -> Picture:
    sigma = float(rng.choice([0.0, 0.7, 1.5, 4.0, 10.0]))
    return picture if sigma == 0 else cv2.GaussianBlur(picture, (0, 0), sigma)


def _clip(picture: np.ndarray) -> Picture:
    return np.clip(picture, 0, 255).astype(np.uint8)
