"""Numbers in sentences."""


def counted(count: int, noun: str) -> str:
    """So many of them: 1 frame, 2 frames."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
