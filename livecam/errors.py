"""What can go wrong, as types: each error is one readable sentence and one exit code."""


class LivecamError(Exception):
    """Base of everything livecam raises on purpose.

    The text says what failed, what was tried and what to do, in one or two lines, because it is
    shown to the user as it stands. `exit_code` is what the command line ends with.
    """

    exit_code = 1


class SettingsError(LivecamError):
    """A flag, an environment variable or a configuration file says something impossible."""

    exit_code = 2


class SourceError(LivecamError):
    """The camera, clip, picture or stream did not open."""

    exit_code = 3


class SourceLostError(LivecamError):
    """The source opened but ended before its time, or parts of it could not be read."""

    exit_code = 4


class SinkError(LivecamError):
    """A recording, a snapshot or a log could not be written."""

    exit_code = 5


class ModelError(LivecamError):
    """The weights, the labels or the engine could not be made ready."""

    exit_code = 6


class LeftError(LivecamError):
    """The user left before there was anything to see. Not a failure."""

    exit_code = 0


class ConsumerGoneError(LivecamError):
    """Whoever read our standard output has closed it (`livecam ... --stats - | head`).

    Not a failure: everything is closed in order and the exit code is 0.
    """

    exit_code = 0
