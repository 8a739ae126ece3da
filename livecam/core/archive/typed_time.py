"""Days and times as searches of archives take them."""

from datetime import UTC, date, datetime, time, timedelta

from livecam.core.printable_text import printable
from livecam.errors import SettingsError

_A_DAY = timedelta(days=1)
_EARLIEST, _LATEST = (datetime.max.replace(year=year, tzinfo=UTC) for year in (1, 9998))
"""Times beyond are as good as these: no clip is so old or new, and every time zone has them."""


def typed_time(flag: str, text: str | None, *, is_end: bool) -> datetime | None:
    """The moment that was typed: a day, or a day and a time, of this machine's time zone.

    Args:
        flag: named in errors.
        text: as typed; None where nothing was.
        is_end: whether a day means its end.

    Raises:
        SettingsError: it is no time.
    """
    if text is None:
        return None
    try:
        return _within_range(_parsed(text, is_end=is_end), is_end=is_end)
    except ValueError:
        raise SettingsError(
            f"{flag} {printable(text)!r} is no time: write 2026-07-01, or 2026-07-01T06:30, or "
            "with a zone 2026-07-01T06:30+02:00."
        ) from None


def _parsed(text: str, *, is_end: bool) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return datetime.fromisoformat(text)
    if is_end and day < date.max:
        day += _A_DAY
    return datetime.combine(day, time())


def _within_range(at: datetime, *, is_end: bool) -> datetime:
    """The moment; far ones are brought to where nothing overflows, ends behind beginnings."""
    shift = _A_DAY if is_end else timedelta()
    try:
        if at.tzinfo is None:
            at = at.astimezone()
    except (ValueError, OverflowError, OSError):  # Windows' clock has no year 1960, nor 3005
        at = at.replace(tzinfo=UTC)
    return min(max(at, _EARLIEST + shift), _LATEST + shift)
