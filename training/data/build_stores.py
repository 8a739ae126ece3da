"""Fills the stores of pictures: gathered photographs and frames, drawn things, rendered rendered_scenes."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np

from training.data.photographs import Found, clip_frames, flower_photos, other_photos
from training.settings import OTHER, Settings
from training.data.picture_store import Store, write_store
from training.data.drawn_pictures import synthetic_picture

PICTURES, RENDERED, BLOOMS = "pictures.bin", "rendered.bin", "blooms.bin"


def prepare_pictures(shared: Path, out: Path, settings: Settings) -> int:
    """Write the photographs, the clips' frames and the drawn pictures; return their number."""
    return write_store(
        out / PICTURES,
        chain(
            flower_photos(shared),
            other_photos(shared),
            clip_frames(shared, settings.clip_frames),
            _drawn(settings),
        ),
    )


def _drawn(settings: Settings) -> Iterator[Found]:
    for number in range(settings.synthetic_pictures):
        rng = np.random.default_rng((settings.seed, number))
        split = "test" if number % 10 == 9 else "train"
        yield f"drawn{number}", "synthetic", OTHER, split, synthetic_picture(rng)


def open_stores(out: Path) -> list[Store]:
    """Return the stores that there are: pictures, and rendered scenes once they were made."""
    return [Store(out / name) for name in (PICTURES, RENDERED) if (out / name).exists()]


def prepare_scenes(out: Path, settings: Settings) -> int:
    """Write the rendered views; return their number."""
    from training.data import rendered_scenes  # needs livecam, nothing before this step does

    backdrops = Store(out / PICTURES)
    views = rendered_scenes.training_views(settings.seed, settings.rendered_pictures, backdrops)
    blooms = rendered_scenes.bloom_views(settings.seed, settings.bloom_pictures, backdrops)
    return write_store(out / RENDERED, views) + write_store(out / BLOOMS, blooms)
