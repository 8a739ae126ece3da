"""What a user says about a network of theirs, where the file does not."""

from dataclasses import dataclass
from pathlib import Path

from livecam.settings.model import ChannelOrder, PreprocessName


@dataclass(frozen=True, slots=True)
class NetworkOptions:
    """What stands above what the file says.

    Attributes:
        labels: a file with the names of the classes; None for the one that lies beside.
        preprocess: range of the picture's values; "auto" for what the file or its maker says.
        channel_order: of the colours; None likewise.
        input_size_px: side of the picture; None likewise.
    """

    labels: Path | None = None
    preprocess: PreprocessName = "auto"
    channel_order: ChannelOrder | None = None
    input_size_px: int | None = None


NO_OPTIONS = NetworkOptions()
