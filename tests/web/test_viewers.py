"""Pictures for several viewers: encoded once, and a viewer who does not read delays nobody."""

import asyncio
from contextlib import ExitStack

import pytest
from web.application_requests import Client, context_of, shown, until
from support import FakeClock

from livecam.web.api.application import build_application
from livecam.web.server.middleware import AccessRules
from livecam.web.server.rate_limit import RateLimit, RateLimits
from livecam.web.streaming import mjpeg_broadcast, picture_stream
from livecam.web.streaming.frame_hub import FrameHub
from livecam.web.streaming.mjpeg_broadcast import MjpegBroadcast
from livecam.web.streaming.viewers import (
    MAX_FIGURE_VIEWERS,
    MAX_PICTURE_VIEWERS,
    MAX_PICTURES_PER_S,
    Viewer,
    Viewers,
)


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def hub(clock):
    return FrameHub(clock=clock)


@pytest.fixture
def encoded(monkeypatch):
    """The pictures that were encoded."""
    seen = []

    def encode(bgr, **_):
        seen.append(int(bgr[0, 0, 0]))
        return bytes([seen[-1]])

    for module in (mjpeg_broadcast, picture_stream):
        monkeypatch.setattr(module, "encode_jpeg", encode)
    return seen


def test_a_picture_is_encoded_once_for_two_viewers(hub, encoded):
    async def main():
        broadcast = MjpegBroadcast(hub)
        broadcast.start()
        with broadcast.annotated.watched_by(Viewer()), broadcast.annotated.watched_by(Viewer()):
            shown(hub, 7)
            both = [broadcast.annotated.picture_after(0), broadcast.annotated.picture_after(0)]
            first = await asyncio.gather(*both)
            shown(hub, 8)
            second = await broadcast.annotated.picture_after(first[0].number)
        await broadcast.close()
        return first, second

    first, second = asyncio.run(main())
    assert [p.jpeg for p in first] == [b"\x07"] * 2
    assert second.jpeg == b"\x08"
    assert encoded == [7, 8]


def test_without_viewers_nothing_is_encoded(hub, encoded):
    async def main():
        broadcast = MjpegBroadcast(hub)
        broadcast.start()
        shown(hub, 7)
        await asyncio.sleep(0)
        await broadcast.close()

    asyncio.run(main())
    assert encoded == []


def test_a_picture_in_full_size_is_encoded_once_for_all_requests(hub, encoded):
    async def main():
        broadcast = MjpegBroadcast(hub)
        shown(hub, 7)
        jpegs = await asyncio.gather(*(broadcast.full_size_jpeg(hub.newest) for _ in range(5)))
        shown(hub, 8)
        return [*jpegs, await broadcast.full_size_jpeg(hub.newest)]

    assert asyncio.run(main()) == [b"\x07"] * 5 + [b"\x08"]
    assert encoded == [7, 8]


def test_many_viewers_get_fewer_pictures_each():
    viewers = Viewers()
    alone_s = viewers.state_interval_s()
    with ExitStack() as stack:
        for _ in range(64):
            stack.enter_context(viewers.picture_places.taken_by(Viewer()))
            stack.enter_context(viewers.figure_places.taken_by(Viewer()))
        assert viewers.picture_interval_s() == pytest.approx(64 / MAX_PICTURES_PER_S)
        assert viewers.state_interval_s() > alone_s
    assert viewers.state_interval_s() == alone_s


def test_a_failed_encoding_is_reported_once_and_the_next_picture_shown(hub, monkeypatch):
    said = []

    def encode(bgr, **_):
        if bgr[0, 0, 0] < 9:
            raise ValueError("too dark")
        return b"jpeg"

    for module in (mjpeg_broadcast, picture_stream):
        monkeypatch.setattr(module, "encode_jpeg", encode)

    async def main():
        broadcast = MjpegBroadcast(hub, say=said.append)
        broadcast.start()
        with broadcast.annotated.watched_by(Viewer()):
            shown(hub, 7)
            await until(lambda: said)
            shown(hub, 8)
            shown(hub, 9)
            got = await broadcast.annotated.picture_after(0)
        await broadcast.close()
        return got

    assert asyncio.run(main()).jpeg == b"jpeg"
    assert said == ["the web page cannot show the picture (ValueError: too dark)"]


def test_a_viewer_who_does_not_read_is_disconnected_and_no_longer_counted(hub, encoded, tmp_path):
    async def main():
        context = context_of(hub, tmp_path)
        application = build_application(context, AccessRules(send_timeout_s=0.01))
        context.broadcast.start()
        viewer = Client(application, "/api/stream.mjpg")
        shown(hub, 7)
        await until(lambda: len(viewer.sent) > 2)
        assert context.broadcast.viewers.pictures == 1
        viewer.reads = False
        shown(hub, 8)
        await asyncio.wait_for(viewer.task, 30)
        await context.broadcast.close()
        return viewer.aborted.is_set(), context.broadcast.viewers.pictures

    assert asyncio.run(main()) == (True, 0)


def test_more_viewers_than_the_maximum_are_refused(hub, encoded, tmp_path):
    async def main():
        context = context_of(hub, tmp_path)
        application = build_application(
            context, AccessRules(rate_limits=RateLimits(changes=RateLimit(1000, 1000)))
        )
        shown(hub, 7)
        most = MAX_PICTURE_VIEWERS
        viewers = [Client(application, "/api/stream.mjpg") for _ in range(most + 3)]
        listeners = [Client(application, "/api/live", "websocket") for _ in range(most + 3)]
        for _ in range(50):
            await asyncio.sleep(0)
        refused = [v.sent[0] for v in viewers if v.sent and v.sent[0].get("status") == 503]
        closed = [v.sent[0] for v in listeners if v.sent and v.sent[0].get("code") == 1013]
        counts = context.broadcast.viewers.pictures, context.broadcast.viewers.figures
        await context.broadcast.close()
        await asyncio.gather(*(v.task for v in viewers + listeners), return_exceptions=True)
        return len(refused), len(closed), counts

    refused, closed, counts = asyncio.run(main())
    assert (refused, closed) == (3, 3)
    assert counts == (MAX_PICTURE_VIEWERS, MAX_FIGURE_VIEWERS)


@pytest.mark.parametrize(
    ("path", "kind", "refused"),
    [("/api/stream.mjpg", "http", 503), ("/api/live", "websocket", 1013)],
)
def test_one_address_does_not_take_the_places_of_all_viewers(
    hub, encoded, tmp_path, path, kind, refused
):
    async def main():
        context = context_of(hub, tmp_path)
        limits = RateLimits(changes=RateLimit(1000, 1000))
        application = build_application(context, AccessRules(rate_limits=limits))
        shown(hub, 7)
        crowd = [Client(application, path, kind, "192.0.2.9") for _ in range(MAX_PICTURE_VIEWERS)]
        await until(lambda: all(each.sent for each in crowd))
        others = [Client(application, path, kind, f"192.0.2.{n}") for n in (1, 1, 2)]
        late = Client(application, path, kind, "192.0.2.9")
        await until(lambda: all(each.sent for each in [*others, late]))
        viewers = context.broadcast.viewers
        counts = viewers.pictures + viewers.figures
        aborted = [each.aborted.is_set() for each in crowd]
        await context.broadcast.close()
        clients = [*crowd, *others, late]
        await asyncio.gather(*(each.task for each in clients), return_exceptions=True)
        first = [each.sent[0] for each in [*others, late]]
        return aborted, counts, [each.get("status") or each.get("code") for each in first]

    aborted, count, answers = asyncio.run(main())
    assert aborted == [True] * 3 + [False] * (MAX_PICTURE_VIEWERS - 3)
    assert count == MAX_PICTURE_VIEWERS
    assert refused not in answers[:3]
    assert answers[3] == refused
