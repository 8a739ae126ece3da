"""Words for numbers and failures, as they stand in sentences."""


def counted(count: int, noun: str) -> str:
    """So many of them: 1 frame, 2 frames."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def megabytes(size_bytes: int) -> str:
    """A size as people read it: 4295 MB, 0.5 MB."""
    size_mb = size_bytes / 1e6
    return f"{size_mb:.0f} MB" if size_mb >= 10 else f"{size_mb:.1f} MB"


def reason_of(error: BaseException) -> str:
    """Why something failed, in the system's words."""
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()


def clock_text(seconds: float) -> str:
    """Seconds as "0:07", "12:34" or "1:02:03"."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def duration_text(seconds: float) -> str:
    """Whole seconds as "7 s", "2 min 5 s" or "1 h 2 min"."""
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def seen_words(seen: str | None, *, is_sure: bool) -> str:
    """What is seen, as panels and figures say it; None stands for something else."""
    name = seen or "something else"
    return f"sees {name}" if is_sure else f"not sure: {name}?"
