"""What is measured into an archive: clips and pictures, by the names that its table has."""

import re
from dataclasses import dataclass
from typing import Literal

from livecam.core.redaction import without_credentials

_BYTE = re.compile(r"\\u(dc[89a-f][0-9a-f])")


@dataclass(frozen=True, slots=True)
class BatchSource:
    """One clip or one picture.

    Attributes:
        location: where it is: a path, or an address.
        kind: "clip" or "picture".
    """

    location: str
    kind: Literal["clip", "picture"] = "clip"

    @property
    def name(self) -> str:
        """As the table and the manifest have it: an address without login and query."""
        return without_credentials(self.location) if self.is_remote else self.location

    @property
    def is_remote(self) -> bool:
        """Whether it is an address, not a file."""
        return is_address(self.location)


def text_of_name(name: str) -> str:
    """The name of a file as the table has it: bytes that are no text are written as in JSON."""
    return name.encode("utf-8", "backslashreplace").decode()


def name_of_text(text: str) -> str:
    r"""The name of a file whose text the table has: \udcff stands for the byte ff."""
    return _BYTE.sub(lambda found: chr(int(found[1], 16)), text)


def is_address(text: str) -> bool:
    """Whether a text is an address of an object store or a server, like s3://bucket/clip.mp4."""
    scheme, separator, _ = text.partition("://")
    return bool(separator) and len(scheme) > 1 and scheme.replace("+", "").isalnum()
