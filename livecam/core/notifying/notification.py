"""What a web server and a command are told of an event: when, and what."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from livecam.core.printable_text import json_text

Moment = Literal["start", "update", "end"]
"""An event begins, its strongest frame is a stronger one now, it is over."""


@dataclass(frozen=True, slots=True, eq=False)
class Notification:
    """One moment of an event.

    Attributes:
        moment: which one.
        record: the event, as its line of events.jsonl has it at this moment.
        picture_jpeg: its strongest frame with the map, where there is one.
    """

    moment: Moment
    record: Mapping[str, Any]
    picture_jpeg: bytes | None = None

    @property
    def size_bytes(self) -> int:
        """How much memory it takes, nearly."""
        return 2_000 + len(self.picture_jpeg or b"")

    def json_text(self, *, has_picture: bool) -> str:
        """As JSON on one line: the event's record, `moment` before it.

        Args:
            has_picture: whether `picture_jpeg`, in base64, is part of it; null without one.
        """
        content: dict[str, Any] = {"moment": self.moment, **self.record}
        if has_picture:
            picture = self.picture_jpeg
            encoded = None if picture is None else base64.b64encode(picture).decode("ascii")
            content["picture_jpeg"] = encoded
        return json_text(content)
