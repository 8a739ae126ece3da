"""A clip of pictures as they are: what `livecam bench` measures where no source is named."""

from collections.abc import Iterable
from pathlib import Path

import av  # after OpenCV: see livecam/sinks/__init__.py

from livecam.core.types import BgrImage

_OPTIONS = {"preset": "veryfast", "crf": "20"}


def write_plain_clip(
    path: Path, pictures: Iterable[BgrImage], size_px: tuple[int, int], rate: int
) -> None:
    """Encode pictures, uint8 BGR, of one even width and height, at a steady rate, as H.264."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate, options=_OPTIONS)
        stream.width, stream.height = size_px
        stream.pix_fmt = "yuv420p"
        for bgr in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(bgr, format="bgr24")))
        container.mux(stream.encode(None))
