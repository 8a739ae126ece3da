"""Who is logged in: makes session cookies, checks them, and ends all of them.

Each login has a cookie of its own, so that each has its own share of requests. Nothing is stored:
a cookie is a random name with the time of the login, and its signature, whose key is the token.
"""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable

from livecam.web.server.access_policy import cookies_in, secrets_match
from livecam.web.server.access_token import AccessToken
from livecam.web.server.token_file import keep_generation

SESSION_MAX_AGE_S = 30 * 24 * 3600
_MOST_COOKIES = 20
"""Each costs the time of a signature."""


class Sessions:
    """The token of the page, and the logins that it has given."""

    def __init__(
        self,
        token: AccessToken | None = None,
        port: int = 0,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        """Begin.

        Args:
            token: what clients have to prove; None where everybody may do everything.
            port: the server's own, part of the cookie's name.
            wall_clock: seconds since 1970: logins outlast a restart.
        """
        self._wall_clock = wall_clock
        self._token, self._generation = token, token.generation if token else ""
        # With the port, because browsers share cookies between the ports of a host.
        self.cookie_name = f"livecam-session-{port}"

    @property
    def is_token_needed(self) -> bool:
        """Whether clients have to prove a token."""
        return self._token is not None

    def is_token(self, given: str) -> bool:
        """Whether this is the token, compared in constant time."""
        return self._token is not None and secrets_match(given, self._token.text)

    def new_cookie(self) -> str:
        """The value of a new session's cookie; the token cannot be read from it."""
        session = f"{secrets.token_urlsafe(9)}~{int(self._wall_clock())}"
        return f"{session}.{self._signature(session)}"

    def session_in(self, cookies: str) -> str:
        """The name of the session in a Cookie header; "" without a valid one."""
        if not self.is_token_needed:
            return ""
        for cookie in cookies_in(cookies, self.cookie_name)[:_MOST_COOKIES]:
            session, _, signature = cookie.partition(".")
            if secrets_match(signature, self._signature(session)) and self._is_young(session):
                return session
        return ""

    def end_all(self) -> bool:
        """End all sessions.

        Returns:
            Whether they stay ended after a restart: not so with a token of the user's own that
            no file keeps.
        """
        token, self._generation = self._token, secrets.token_hex(8)
        if token is None or token.file is None:
            return token is None or token.origin == "new"
        return keep_generation(token.file, token, self._generation)

    def _is_young(self, session: str) -> bool:
        """Whether a session that has a valid signature has not expired."""
        began_s = session.rpartition("~")[2]
        return began_s.isdecimal() and self._wall_clock() - int(began_s) < SESSION_MAX_AGE_S

    def _signature(self, session: str) -> str:
        key = self._token.text.encode() if self._token else b""
        signed = f"livecam session {self._generation} {session}"
        return hmac.new(key, signed.encode(), hashlib.sha256).hexdigest()
