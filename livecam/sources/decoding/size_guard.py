"""Refuses videos whose pictures are too large, before FFmpeg takes memory for them."""

from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from livecam.core.input_limits import SizeLimits, TooLargeError


def size_options(limits: SizeLimits) -> dict[str, str]:
    """Options of FFmpeg's decoders, also of those that look into a container as it is opened."""
    return {"max_pixels": str(limits.pixels)}


class SizeGuard:
    """Watches the pictures of one stream."""

    def __init__(self, stream: VideoStream, limits: SizeLimits) -> None:
        """Look at what the container says, and let the decoder refuse what comes later.

        Raises:
            TooLargeError: it says of its pictures that they are too large.
        """
        self._limits = limits
        context = stream.codec_context  # None where FFmpeg has no decoder
        if context is not None:
            aspect = stream.sample_aspect_ratio or context.sample_aspect_ratio
            limits.check(context.width, context.height, float(aspect or 1.0))
            context.options = size_options(limits)

    def check(self, frame: VideoFrame, pixel_aspect: float) -> None:
        """Raise TooLargeError for a decoded frame that would be too large when it is shown."""
        self._limits.check(frame.width, frame.height, pixel_aspect)

    def refused(self) -> TooLargeError:
        """The error for what the decoder has refused with EINVAL."""
        return TooLargeError(
            "has pictures of an impossible size, or of more than "
            f"{self._limits.pixels / 1e6:g} megapixels (--max-megapixels)"
        )
