"""Words for numbers and failures, as they stand in sentences."""


def counted(count: int, noun: str) -> str:
    """So many of them: 1 frame, 2 frames."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def reason_of(error: BaseException) -> str:
    """Why something failed, in the system's words."""
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()
