"""The exceptions of livecam, each with its exit code; their texts are shown to the user."""

from collections.abc import Iterator


class LivecamError(Exception):
    """Base of all exceptions that livecam raises on purpose.

    The text says what failed, what was tried and what to do, in one or two lines: it is shown to
    the user unchanged. `exit_code` is that of the command line.
    """

    exit_code = 1


class SettingsError(LivecamError):
    """A flag, an environment variable or a settings file has an impossible value."""

    exit_code = 2


class SourceError(LivecamError):
    """The camera, clip, picture or stream did not open."""

    exit_code = 3


class SourceLostError(LivecamError):
    """The source opened but ended too early, or parts of it could not be read."""

    exit_code = 4


class SinkError(LivecamError):
    """A recording, a snapshot or a log could not be written."""

    exit_code = 5


class LaterFormatError(SinkError):
    """Something was written by a newer livecam: this one can neither read it nor add to it."""


class ModelError(LivecamError):
    """The weights, the labels or the engine could not be made ready."""

    exit_code = 6


class LeftError(LivecamError):
    """The user quit while source or model were being opened. Not a failure."""

    exit_code = 0


class ConsumerGoneError(LivecamError):
    """The reader of standard output has closed it (`livecam ... --stats - | head`).

    Not a failure: everything is closed in order, and the exit code is 0.
    """

    exit_code = 0


def causes_of(error: BaseException, *, with_contexts: bool = False) -> Iterator[BaseException]:
    """The error, what it was raised from, and so on; each once, as some are their own cause.

    Args:
        error: the last one.
        with_contexts: whether also errors count that were only being handled at the time.
    """
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__ or (cause.__context__ if with_contexts else None)
