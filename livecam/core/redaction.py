"""Addresses as they may be shown: without user names, passwords, tokens and queries.

And texts as they may be shown, which repeat what was given: without the secrets in it.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, quote, unquote, urlsplit

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):/+")
"""Two letters at least: C:/ is a disk."""

# Cheap cameras carry their login in the path: /user=admin_password=xx_channel=1.sdp. Where such a
# value ends cannot be known, so nothing after it is shown.
_LOGIN_IN_PATH = re.compile(r"(user\w*?|pass\w*?|pwd|token)=.*", re.IGNORECASE | re.DOTALL)

_QUERY = re.compile(r"[?#].+", re.DOTALL)
_DISK = re.compile(r"[A-Za-z]:[\\/]")
_REPEATED_STROKES = re.compile("/+")
SHORTEST_SECRET = 6
_LONGEST_WORD = 20  # letters without a space, a sign or a digit
_SHORTEST_RANDOM, _RANDOM_CHANGES = 12, 4
_CHANGE_OF_KIND = re.compile(r"[a-z](?=[A-Z0-9])|[A-Z](?=[0-9])|[0-9](?=[A-Za-z])")
_GIVES_ACCESS = re.compile("token|key|secret|pass|pwd|auth|sig|code", re.IGNORECASE)


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


def secrets_of_url(url: str) -> set[str]:
    """What must not be shown of an address whose whole path may be what gives access.

    The address itself goes with everything behind its server. Alone, as other texts may have it,
    goes only what nobody takes for a word: passwords with a digit or a sign, tokens, and long parts
    of the path that nobody can guess.
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:  # of an IPv6 address; it is refused elsewhere, without repeating it
        return set(secrets_in(url))
    login, _, host = parts.netloc.rpartition("@")
    behind = url.strip().partition(parts.netloc)[2] if parts.netloc else ""
    found = set(secrets_in(url)) | {f"{login}@" * bool(login)}
    if behind.strip("/?#"):
        found |= {f"{host}{behind}", f"{host}{behind}".rstrip("/")}
    if parts.query:
        found |= {f"{parts.path}?{parts.query}", f"?{parts.query}"}
    values = parse_qsl(parts.query, keep_blank_values=True)
    user, _, password = login.partition(":")
    may_be_random = [*parts.path.split("/"), user, *(text for pair in values for text in pair)]
    alone = [text for text in may_be_random if is_unguessable(unquote(text))]
    may_be_words = [password, *(value for name, value in values if _GIVES_ACCESS.search(name))]
    alone += [text for text in may_be_words if is_no_word(unquote(text))]
    return (found | {form for part in alone for form in (part, unquote(part), quote(part))}) - {""}


def is_no_word(text: str) -> bool:
    """Whether a password can be left out of all texts: no ordinary word would go with it."""
    has_others = not text.isalpha()
    return len(text) >= (SHORTEST_SECRET if has_others else _LONGEST_WORD)


def is_unguessable(text: str) -> bool:
    """Whether a text is a long, random one, as tokens and webhooks have it; names are not."""
    changes = len(_CHANGE_OF_KIND.findall(text))
    is_random = len(text) >= _SHORTEST_RANDOM and changes >= _RANDOM_CHANGES
    return is_random or re.search(rf"[A-Za-z]{{{_LONGEST_WORD},}}", text) is not None


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
