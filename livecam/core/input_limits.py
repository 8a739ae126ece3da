"""How large pictures, and what is received of them, may be: asked before anything is allocated."""

from dataclasses import dataclass

_LARGEST_BYTES_PER_PIXEL = 8
"""Of an uncompressed picture: four channels of 16 bits."""

_SMALLEST_FILE_LIMIT_BYTES = 256_000_000
"""Animations have many small pictures."""


class TooLargeError(Exception):
    """A picture is larger than the limits allow; the text stands after its name: "is ... large"."""


@dataclass(frozen=True, slots=True)
class SizeLimits:
    """Above these nothing is decoded.

    Attributes:
        pixels: of a picture, with square pixels.
        part_bytes: of one encoded picture of a stream of pictures, or of a list of addresses.
    """

    pixels: int = 200_000_000
    part_bytes: int = 64_000_000

    @property
    def file_bytes(self) -> int:
        """Of a file that holds pictures."""
        return max(self.pixels * _LARGEST_BYTES_PER_PIXEL, _SMALLEST_FILE_LIMIT_BYTES)

    @property
    def advice(self) -> str:
        """What the user can do."""
        return "give a smaller one, or raise the limit where it is what it should be"

    def check(self, width_px: int, height_px: int, pixel_aspect: float = 1.0) -> None:
        """Raise TooLargeError for a picture of this size.

        Args:
            width_px: as it is stored.
            height_px: as it is stored.
            pixel_aspect: width of a stored pixel over its height; what is shown is enlarged by it.
        """
        stretch = max(pixel_aspect, 1.0 / pixel_aspect) if pixel_aspect > 0 else 1.0
        pixels = width_px * height_px * stretch
        if pixels <= self.pixels:
            return
        shape = f" with pixels of {pixel_aspect:.6g}:1" if stretch > 1 else ""
        raise TooLargeError(
            f"is {width_px} x {height_px} pixels large{shape}, {pixels / 1e6:,.0f} megapixels "
            f"(--max-megapixels allows {self.pixels / 1e6:g})"
        )

    def check_bytes(self, held_bytes: int, allowed_bytes: int) -> None:
        """Raise TooLargeError for so many encoded bytes."""
        if held_bytes > allowed_bytes:
            raise TooLargeError(
                f"is {held_bytes / 1e6:,.0f} MB large (--max-megapixels allows "
                f"{allowed_bytes / 1e6:g})"
            )


DEFAULT_LIMITS = SizeLimits()
