"""Messages for the library: the same sentences, with arguments where they name flags."""

import re

_ARGUMENTS = {
    "model": "name",
    "class": "class_name",
    "alpha": "alpha",
    "weights": "weights",
    "labels": "labels",
    "engine": "engine",
    "precision": "precision",
}
"""What the calls of livecam.api name otherwise than, or as, the command line's flags."""

_FLAG = re.compile(
    rf"--(?P<flag>{'|'.join(_ARGUMENTS)})\b"
    r"(?: (?P<word>imagenet|flowers|auto|tensorflow|litert|float32|float16|int8|FILE)\b"
    r"| (?P<number>\d+(?:\.\d+)?))?"
)


def with_arguments(message: str) -> str:
    """A message in which `--precision int8` is `precision="int8"`, and SOURCE is `address`."""
    message = message.replace(", or alpha of the settings file", "")  # the library reads none
    return re.sub(r"\bSOURCE\b", "address", _FLAG.sub(_argument, message))


def _argument(flag: re.Match[str]) -> str:
    name, word, number = _ARGUMENTS[flag["flag"]], flag["word"], flag["number"]
    if word:
        return f"{name}={word}" if word == "FILE" else f'{name}="{word}"'
    return f"{name}={number}" if number else name
