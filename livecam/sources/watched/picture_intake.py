"""Holds every picture of a source as JPEG, and says which of them are looked at."""

from livecam.core.jpeg import jpeg_of
from livecam.core.types import BgrImage
from livecam.core.watching.kept_media import KeptMedia, MediaFormat
from livecam.errors import SourceError
from livecam.sources.watched.clip_feed import ClipFeed

JPEG_QUALITY = 92
"""What is held is encoded once more in a clip: more than is seen there has to be left."""

_NEARLY = 0.9
"""A picture that comes a little before its time is looked at: the next would be late."""


class PictureIntake:
    """Takes the pictures of one source, over all its connections."""

    def __init__(self, feed: ClipFeed, look_every_s: float) -> None:
        """`feed` holds them; seconds from one look to the next."""
        self._feed, self._look_every_s = feed, look_every_s
        self._media_format = MediaFormat()
        self._looked_s: float | None = None
        self._last_s: float | None = None

    def take(self, bgr: BgrImage, time_s: float, duration_s: float | None = None) -> bool:
        """Hold a picture; gives whether it is to be looked at.

        Raises:
            SourceError: it is too large to be held.
        """
        try:
            jpeg = jpeg_of(bgr, JPEG_QUALITY)
        except ValueError as error:
            raise SourceError(f"its pictures cannot be kept for clips: {error}.") from error
        if self._last_s is not None:
            time_s = max(time_s, self._last_s + 1e-6)
        self._last_s = time_s
        media = KeptMedia(jpeg, time_s, time_s, duration_s or 0.0, len(jpeg), is_key=True)
        self._feed.add(media, self._media_format)
        if self._looked_s is not None and time_s - self._looked_s < _NEARLY * self._look_every_s:
            return False
        self._looked_s = time_s
        return True
