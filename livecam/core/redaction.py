"""Addresses as they may be shown: without user names, passwords, tokens and queries.

And texts as they may be shown, which repeat what was given: without the secrets in it.
"""

import re
from collections.abc import Iterable, Iterator

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):/+")
"""Two letters at least: C:/ is a disk."""

# Cheap cameras carry their login in the path: /user=admin_password=xx_channel=1.sdp. Where such a
# value ends cannot be known, so nothing after it is shown.
_LOGIN_IN_PATH = re.compile(r"(user\w*?|pass\w*?|pwd|token)=.*", re.IGNORECASE | re.DOTALL)

_QUERY = re.compile(r"[?#].+", re.DOTALL)
_DISK = re.compile(r"[A-Za-z]:[\\/]")
_REPEATED_STROKES = re.compile("/+")
SHORTEST_SECRET = 6


def looks_like_address(text: str) -> bool:
    """Whether it begins like an address (`rtsp://`, `srt://`, also with one stroke only)."""
    return _SCHEME.match(text.strip()) is not None


def without_credentials(text: str) -> str:
    """An address as it may be shown, however badly it is written; a plain name stays as it is.

    It is not parsed: a password may hold every sign that divides an address. Whatever stands
    before the last @ goes, for it may belong to a password.
    """
    text = text.strip()
    scheme = _SCHEME.match(text)
    head = scheme[0].lower() if scheme else ""
    rest = text[len(head) :]
    before, _, shown = rest.rpartition("@")
    if scheme:
        shown = re.split(r"[?#]", shown, maxsplit=1)[0]
    elif before:  # perhaps an address without its scheme, perhaps a file
        shown = f"...@{shown}"
    return head + _LOGIN_IN_PATH.sub(r"\1=...", shown)


def secrets_in(value: str) -> Iterator[str]:
    """What must not be shown of a value that was given: login and query of an address in it.

    A file's name that has an @ in it is none; a host with user:password@ is one.
    """
    value = value.strip()
    scheme = _SCHEME.match(value)
    before, _, after = value[len(scheme[0]) if scheme else 0 :].rpartition("@")
    if scheme is None and (":" not in before or _DISK.match(before)):
        return
    found = [m[0] for m in (_QUERY.search(after), _LOGIN_IN_PATH.search(after)) if m]
    found += [ending.rpartition(".")[0] for ending in found]  # NAME_clean.mp4 of NAME.mp4
    for secret in (f"{before}@" * bool(before), *found):
        yield from {secret, _REPEATED_STROKES.sub("/", secret)} - {""}  # as a file's name


def without_secrets(text: str, secrets: Iterable[str]) -> str:
    """The text with ... for every secret in it.

    A very short word is looked for in quotes only: it would be found in other words.
    """
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= SHORTEST_SECRET or not secret.isalnum():
            text = text.replace(secret, "...@" if secret.endswith("@") else "...")
        else:
            for quote in "\"'":
                text = text.replace(f"{quote}{secret}{quote}", f"{quote}...{quote}")
    return text
