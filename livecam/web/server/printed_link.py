"""What is printed about the page: where it is, and how one gets in."""

from livecam.native.silenced_stderr import stderr_is_terminal
from livecam.web.server.listener import Listener


def printed_link(listener: Listener) -> str:
    """Where the page is, with the token only where it may be printed.

    A token of the user's own is not printed. One that a file keeps is printed on a terminal, but
    gets into no log.
    """
    token, address = listener.token, listener.address
    if token is None:
        return (
            f"the page is at {address} and asks for no token: everybody who can reach it may watch "
            "and record"
        )
    if token.origin == "given":
        return f"the page is at {address} and asks for the token that you gave"
    if token.origin == "file" and not stderr_is_terminal():
        return f"the page is at {address} and asks for the token in {token.file}"
    return f"the page is at {listener.link}"


def link_for_telephones(listener: Listener) -> str:
    """The link where other machines can open it; "" elsewhere, and for a token of the user's own.

    Where guests may look it is theirs: the one without the token. It goes to a terminal only, and
    into no log.
    """
    if listener.guests:
        return listener.address if listener.is_for_others else ""
    is_own = listener.token is not None and listener.token.origin == "given"
    return "" if is_own or not listener.is_for_others else listener.link
