"""The secret of the page: a new one, one that was given, or one that a file keeps over restarts."""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from livecam.settings.schema import ServeSettings


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What clients have to prove.

    Attributes:
        text: the secret.
        origin: "new" where livecam made it for this run, "given" by the user, or from a "file".
        generation: changes when all logins are ended; cookies of another one are not accepted.
        file: where it is kept, None where it is not.
    """

    text: str
    origin: Literal["new", "given", "file"] = "given"
    generation: str = ""
    file: Path | None = None

    def __repr__(self) -> str:
        """Without the secret: it must not get into messages by accident."""
        return f"AccessToken(origin={self.origin!r}, file={self.file!r})"


def new_token() -> str:
    """A random token of 192 bits."""
    return secrets.token_urlsafe(24)


def access_token(settings: ServeSettings) -> AccessToken | None:
    """The token that the settings ask for; None for --no-token.

    Raises:
        SettingsError: the file of --token-file cannot be used.
    """
    if not settings.ask_token:
        return None
    if settings.token is not None:
        return AccessToken(settings.token)
    if settings.token_file is not None:
        from livecam.web.server.token_file import kept_token

        return kept_token(settings.token_file)
    return AccessToken(new_token(), "new")
