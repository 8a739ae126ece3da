"""The security headers of every response: Content-Security-Policy and others."""

from starlette.types import Message, Send

_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
)
SECURITY_HEADERS = (
    (b"content-security-policy", _CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
_DEFAULT_HEADERS = (*SECURITY_HEADERS, (b"cache-control", b"no-store"))


def with_security_headers(send: Send) -> Send:
    """Wrap an ASGI `send`: headers that the application does not set are added."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] in {"http.response.start", "websocket.http.response.start"}:
            given = list(message.get("headers", []))
            names = {name.lower() for name, _ in given}
            added = [(name, value) for name, value in _DEFAULT_HEADERS if name not in names]
            message = {**message, "headers": given + added}
        await send(message)

    return send_with_headers
