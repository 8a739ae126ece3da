"""Logins: a cookie each, checked by the token, ended all at once, over restarts as well."""

import pytest
from support import FakeClock

from livecam.web.server.access_token import AccessToken, new_token
from livecam.web.server.sessions import SESSION_MAX_AGE_S, Sessions
from livecam.web.server.token_file import kept_token

TOKEN = AccessToken("an-example-of-a-secret-1234")


def header(sessions, cookie):
    return f"a=1; {sessions.cookie_name}={cookie}; b=2"


def test_each_login_has_a_session_of_its_own_that_a_restart_keeps():
    sessions = Sessions(TOKEN, 8765)
    first, second = sessions.new_cookie(), sessions.new_cookie()
    names = {sessions.session_in(header(sessions, cookie)) for cookie in (first, second)}
    assert len(names) == 2
    assert "" not in names
    again = Sessions(TOKEN, 8765)
    assert again.session_in(header(again, first)) in names
    assert TOKEN.text not in first


def test_a_login_ends_by_itself():
    """The cookie's own end is the browser's matter: whoever has read it elsewhere keeps it."""
    clock = FakeClock()
    sessions = Sessions(TOKEN, 8765, clock)
    cookie = header(sessions, sessions.new_cookie())
    clock.sleep(SESSION_MAX_AGE_S - 60)
    assert sessions.session_in(cookie)
    clock.sleep(120)
    assert sessions.session_in(cookie) == ""


def test_what_is_no_cookie_of_this_token_is_no_session():
    sessions = Sessions(TOKEN, 8765)
    session, _, signature = sessions.new_cookie().partition(".")
    other = Sessions(AccessToken(new_token()), 8765)
    for wrong in ["", ".", session, f"{session}.", f".{signature}", f"{session}x.{signature}",
                  f"{session}.{signature}0", signature, other.new_cookie(), "ä.ö"]:  # fmt: skip
        assert sessions.session_in(header(sessions, wrong)) == "", wrong
    assert sessions.session_in(f"livecam-session-1={session}.{signature}") == ""


def test_tokens_are_long_and_different_and_not_shown():
    assert len(new_token()) >= 32
    assert new_token() != new_token()
    assert TOKEN.text not in f"{TOKEN!r} {TOKEN}"
    assert Sessions(TOKEN).is_token(TOKEN.text)
    assert not Sessions(TOKEN).is_token(TOKEN.text + "x")


def test_without_a_token_nobody_is_logged_in():
    sessions = Sessions()
    assert not sessions.is_token_needed
    assert not sessions.is_token("")
    assert sessions.session_in(header(sessions, sessions.new_cookie())) == ""


@pytest.mark.parametrize(("origin", "lasts"), [("new", True), ("given", False)])
def test_all_logins_can_be_ended(origin, lasts):
    sessions = Sessions(AccessToken(TOKEN.text, origin))
    cookie = sessions.new_cookie()
    assert sessions.end_all() is lasts
    assert sessions.session_in(header(sessions, cookie)) == ""
    assert sessions.session_in(header(sessions, sessions.new_cookie()))


def test_logins_that_were_ended_stay_ended_after_a_restart_with_a_token_file(tmp_path):
    path = tmp_path / "token"
    sessions = Sessions(kept_token(path))
    ended = sessions.new_cookie()
    assert sessions.end_all()
    kept = sessions.new_cookie()
    again = Sessions(kept_token(path))
    assert again.is_token(kept_token(path).text)
    assert again.session_in(header(again, ended)) == ""
    assert again.session_in(header(again, kept))
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_cookie_that_another_server_has_set_stands_in_nobodys_way():
    sessions = Sessions(TOKEN)
    name = sessions.cookie_name
    assert sessions.session_in(f"{name}=evil; {name}={sessions.new_cookie()}")


def test_an_old_token_does_not_come_back_when_logins_are_ended(tmp_path):
    path = tmp_path / "token"
    sessions = Sessions(kept_token(path))
    path.unlink()
    assert sessions.end_all()
    assert not path.exists()
    path.write_text("another-token-of-the-user\n")
    path.chmod(0o600)
    assert sessions.end_all()
    assert path.read_text() == "another-token-of-the-user\n"
