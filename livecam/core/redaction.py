"""Addresses as they may be shown: without user names, passwords, tokens and queries."""

import re

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):/+")
"""Two letters at least: C:/ is a disk."""

# Cheap cameras carry their login in the path: /user=admin_password=xx_channel=1.sdp. Where such a
# value ends cannot be known, so nothing after it is shown.
_LOGIN_IN_PATH = re.compile(r"(user\w*?|pass\w*?|pwd|token)=.*", re.IGNORECASE | re.DOTALL)


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
