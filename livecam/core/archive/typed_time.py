"""Days and times as searches of archives take them."""

from datetime import date, datetime, time, timedelta

from livecam.core.printable_text import printable
from livecam.errors import SettingsError


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
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return datetime.fromisoformat(text).astimezone()
        return datetime.combine(day + timedelta(days=is_end), time()).astimezone()
    except (ValueError, OverflowError):
        raise SettingsError(
            f"{flag} {printable(text)!r} is no time: write 2026-07-01, or 2026-07-01T06:30, or "
            "with a zone 2026-07-01T06:30+02:00."
        ) from None
