"""Pictures that carry the time at which they were made. Needs nothing but Python's own library.

The time is written as 24 dark or light blocks along the top: milliseconds of the machine's
monotonic clock, which is the same in every process. They scale with the
picture, whose width is a multiple of 26 pixels.
"""

import time

BITS, COLUMNS, ROWS = 24, 26, 10
DARK, LIGHT, GROUND = 30, 220, 128


def now_ms() -> int:
    """What is written into a picture that is made now."""
    return time.monotonic_ns() // 1_000_000 % (1 << BITS)


def grey_picture(stamp_ms: int, width: int, height: int) -> bytes:
    """Grey levels, row by row."""
    block_px, high_px = width // COLUMNS, height // ROWS
    blocks = (LIGHT if stamp_ms >> bit & 1 else DARK for bit in range(BITS))
    row = b"".join(bytes([level]) * block_px for level in blocks).ljust(width, bytes([GROUND]))
    shade = bytes([80 + stamp_ms // 40 % 100]) * width  # something that moves
    return row * high_px + shade * (height - high_px)


def stamp_of(bgr) -> int:
    """The milliseconds that a decoded picture carries."""
    height, width = bgr.shape[:2]
    row = bgr[height // ROWS // 2, :, 1]
    return sum(1 << bit for bit in range(BITS) if row[int((bit + 0.5) * width / COLUMNS)] > GROUND)


def age_ms(bgr) -> int:
    """How long ago a picture was made."""
    return (now_ms() - stamp_of(bgr)) % (1 << BITS)


def paced(rate: float):
    """Ticks of the real clock, for ever: (number, milliseconds)."""
    began, number = time.monotonic(), 0
    while True:
        time.sleep(max(0.0, began + number / rate - time.monotonic()))
        yield number, now_ms()
        number += 1
