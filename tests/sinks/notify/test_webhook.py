"""Events posted to a real server on loopback: late, never, 500, then 200."""

import base64

import pytest
from sinks.notify.receivers import JPEG, Waits, WebServer, event_of, free_port, timed
from support import eventually

from livecam.core.notifying.notification import Notification
from livecam.core.watching.watch_event import event_record
from livecam.sinks.notify.delivery import Delivery, NotDeliveredError, RefusedError
from livecam.sinks.notify.moment_listener import MomentListener
from livecam.sinks.notify.webhook import Webhook, shown_url, webhook_problem


def moment(number=0, picture=JPEG):
    return Notification("end", event_record(event_of(number, state="ended")), picture)


def test_a_server_gets_the_whole_event_and_its_picture():
    with WebServer(200) as server:
        Webhook(server.url, limit_s=60).send(moment())
    (body,) = server.bodies
    assert base64.b64decode(body.pop("picture_jpeg")) == JPEG
    assert body == {"moment": "end", **event_record(event_of(state="ended"))}
    assert server.headers[0]["Content-Type"] == "application/json"
    assert server.headers[0]["Authorization"] is None


def test_login_in_the_address_becomes_a_header():
    with WebServer(204) as server:
        address = server.url.replace("http://", "http://eva:a%40b@")
        Webhook(address, limit_s=60).send(moment(picture=None))
    login = base64.b64decode(server.headers[0]["Authorization"].removeprefix("Basic "))
    assert login == b"eva:a@b"
    assert server.bodies[0]["picture_jpeg"] is None


@pytest.mark.parametrize("answer", ["never", "drip"])
def test_a_server_that_does_not_finish_its_answer_is_left_in_time(answer):
    with WebServer(answer) as server:
        with pytest.raises(NotDeliveredError, match=r"no answer in 0\.3 s"):
            Webhook(server.url, limit_s=0.3).send(moment())
        eventually(lambda: server.bodies)


@pytest.mark.parametrize(
    ("answer", "error", "why"),
    [
        (500, NotDeliveredError, "it answers 500"),
        (503, NotDeliveredError, "it answers 503"),
        (429, NotDeliveredError, "it answers 429"),
        ("drop", NotDeliveredError, "closed"),
        (400, RefusedError, "it answers 400"),
        (404, RefusedError, "it answers 404"),
        (302, RefusedError, "give the address"),
        (307, RefusedError, "give the address"),
    ],
)
def test_what_an_answer_means(answer, error, why):
    with WebServer(answer) as server:
        with pytest.raises(error, match=why):
            Webhook(server.url, limit_s=60).send(moment())
        assert len(server.bodies) == 1


def test_nobody_there_is_tried_again():
    with pytest.raises(NotDeliveredError, match="refused"):
        Webhook(f"http://127.0.0.1:{free_port()}/", limit_s=60).send(moment())


def test_every_moment_arrives_in_order_though_the_server_is_late_fails_and_is_silent():
    waits, said = Waits(), []
    with WebServer("never", 500, "drop", 503, 200) as server:
        webhook = Webhook(server.url, limit_s=0.5)
        delivery = Delivery(webhook.send, "the server", said.append, clock=waits.clock)
        listener = MomentListener(delivery)
        took_s = timed(
            lambda: [
                tell(event, JPEG)
                for number in range(5)
                for event in (event_of(number),)
                for tell in (listener.started, listener.updated, listener.ended)
            ]
        )
        eventually(lambda: listener.delivery.delivered == 15)
        listener.close()
    assert took_s < 60  # nobody waited for the server
    expected = [(m, event_of(n).event) for n in range(5) for m in ("start", "update", "end")]
    assert [*dict.fromkeys(server.moments)] == expected
    assert waits.waits_s[:4] == [1, 2, 4, 8]  # on a slow machine there may be more
    assert said[0] == "the server takes no messages (no answer in 0.5 s): they wait."
    assert said[-1] == "the server takes messages again."


def test_what_may_be_shown_of_an_address_gives_no_access():
    shown = shown_url("https://eva:s3cret@hooks.example/services/T0/s3cret?key=s3cret")
    assert shown == "https://hooks.example/..."
    assert shown_url("http://box:8080") == "http://box:8080/"


@pytest.mark.parametrize(
    ("url", "is_fine"),
    [
        ("https://a.example/x?y=1", True), ("http://[::1]:8080/", True), ("ftp://a/", False),
        ("http://", False), ("http://a:0/", False), ("http://a:x/", False), ("a.example", False),
        ("http://a b/", False), ("http://[::1", False),
    ],
)  # fmt: skip
def test_addresses_are_checked_before_anything_is_sent(url, is_fine):
    assert (webhook_problem(url) == "") is is_fine
