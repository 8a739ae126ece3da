"""Builds the picture stores: photographs and frames of clips, drawn pictures, rendered scenes."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np

from training.data.drawn_pictures import drawn_picture
from training.data.photographs import clip_frames, photographs
from training.data.picture_store import LabelledPicture, PictureStore, write_store
from training.output_files import PICTURES, RENDERED, RENDERED_MASKED
from training.settings import OTHER, Settings, Split


def build_picture_store(shared: Path, out: Path, settings: Settings) -> int:
    """Write the photographs, the clips' frames and the drawn pictures; return their number."""
    return write_store(
        out / PICTURES,
        chain(
            photographs(shared, settings.every_photograph),
            clip_frames(shared, settings.clip_frames),
            _drawn_pictures(settings),
        ),
    )


def _drawn_pictures(settings: Settings) -> Iterator[LabelledPicture]:
    for number in range(settings.drawn_pictures):
        rng = np.random.default_rng((settings.seed, number))
        split: Split = "test" if number % 10 == 9 else "train"
        yield LabelledPicture(f"drawn{number}", "drawn", OTHER, split, drawn_picture(rng))


def open_stores(out: Path) -> list[PictureStore]:
    """Return the stores to train from: pictures, and rendered scenes once they exist."""
    return [PictureStore(out / name) for name in (PICTURES, RENDERED) if (out / name).exists()]


def build_rendered_stores(out: Path, settings: Settings) -> int:
    """Write the rendered views; return their number."""
    from training.data import rendered_scenes  # needs livecam, no step before does

    backdrops = PictureStore(out / PICTURES)
    views = rendered_scenes.training_views(settings.seed, settings.rendered_pictures, backdrops)
    masked = rendered_scenes.masked_views(settings.seed, settings.masked_pictures, backdrops)
    return write_store(out / RENDERED, views) + write_store(out / RENDERED_MASKED, masked)
