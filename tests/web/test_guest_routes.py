"""What guests reach of every page, route by route, and that nothing of it names what is private."""

import asyncio
import json
from contextlib import suppress
from dataclasses import replace

import pytest
from annotated_frames import annotated_frame_of
from support import picture
from web.application_requests import Client, context_of, until

from livecam.core.jpeg import jpeg_of
from livecam.core.status_card import status_card_of
from livecam.core.types import Waiting
from livecam.core.view import View
from livecam.sinks.events.event_index import EventIndex
from livecam.web.api.application import build_application
from livecam.web.api.run_info import RunInfo
from livecam.web.api.state_json import overview_of
from livecam.web.archive.archive_screen import build_archive_application
from livecam.web.server.access_token import AccessToken
from livecam.web.server.middleware import AccessMiddleware, AccessRules
from livecam.web.server.sessions import Sessions
from livecam.web.streaming.frame_hub import FrameHub
from livecam.web.watching.watch_application import build_watch_application
from livecam.web.watching.watch_broadcast import WatchBroadcast
from livecam.web.watching.watch_context import WatchContext
from livecam.web.watching.watch_hub import WatchHub

SECRET = "geheim"  # noqa: S105
PUBLIC = {"/", "/static/{name}", "/healthz", "/api/login"}
GUESTS = {
    "/api/overview", "/api/state", "/api/activation", "/api/history", "/api/classes",
    "/api/frame.jpg", "/api/stream.mjpg", "/api/judged.jpg", "/api/live",
}  # fmt: skip
LOOKING = ("GET", "HEAD", "OPTIONS", "websocket")
CHANGING = ("POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND")
OTHERS = {
    "/api/openapi.json", "/docs", "/redoc", "/openapi.json", "/api", "/api/", "/api/overview/",
    "//api/overview", "/api//overview", "/API/overview", "/api/overview/../recordings",
    "/api/overview%2f..%2frecordings", "/api/stream.mjpg/x", "/static", "/staticx", "/metrics/",
}  # fmt: skip


def routes_of(middleware):
    """Every path of an application, as it is declared."""
    found = set()
    for route in middleware._app._app.routes:  # behind HEAD, behind the rules
        # FastAPI keeps a router that is included as one; before, it had its routes.
        included = getattr(route, "effective_route_contexts", lambda route=route: [route])
        found |= {one.path or one.starlette_route.path for one in included()}
    return found


class Reached:
    """An application that only says that it was asked."""

    async def __call__(self, scope, receive, send):
        scope["livecam.connection"].was_reached = True
        if scope["type"] == "websocket":
            await receive()
        kind = "websocket.close" if scope["type"] == "websocket" else "http.response.body"
        with suppress(Exception):
            await send({"type": kind})


def reached(paths, *, guests):
    """The paths and methods by which a client without a token gets through the rules."""

    async def ask():
        rules = AccessRules(sessions=Sessions(AccessToken(SECRET)), guests=guests)
        middleware, found = AccessMiddleware(Reached(), rules), set()
        for number, path in enumerate(sorted(paths)):
            for method in (*LOOKING, *CHANGING):
                kind = method if method == "websocket" else "http"
                address = f"10.0.{number}.{len(found) % 250}"  # never too many of one
                named = path.replace("{name}", "style.css")
                client = Client(middleware, named, kind, address, method)
                client.was_reached = False
                await client.task
                if client.was_reached:
                    found.add((path, method))
        return found

    return asyncio.run(ask())


@pytest.fixture
def page_routes(tmp_path):
    rules = AccessRules()
    return routes_of(build_application(context_of(FrameHub(), tmp_path), rules))


def test_guests_reach_the_listed_routes_by_looking_and_no_other_way(page_routes):
    assert page_routes >= GUESTS | PUBLIC
    assert len(page_routes) > len(GUESTS | PUBLIC) + 10
    allowed = {(path, method) for path in GUESTS for method in LOOKING}
    allowed |= {(path, method) for path in PUBLIC for method in (*LOOKING, *CHANGING)}
    assert reached(page_routes | OTHERS, guests=True) == allowed


def test_without_guests_strangers_reach_the_page_alone(page_routes, tmp_path):
    hub, events = WatchHub(is_watching=False), EventIndex(tmp_path, is_own=False)
    watched = WatchContext("", hub, events, WatchBroadcast(hub, events), Sessions())
    watch_routes = routes_of(build_watch_application(watched, AccessRules()))
    archive_routes = routes_of(build_archive_application(None, Sessions(), AccessRules()))
    every = page_routes | watch_routes | archive_routes | OTHERS
    assert {path for path, _ in reached(every, guests=False)} == PUBLIC


@pytest.fixture
def hub():
    hub = FrameHub(notice=lambda: f"saved /home/{SECRET}/a.jpg")
    frame = annotated_frame_of(picture(), 3, 0.1, name=f"/photos/{SECRET}.jpg")
    status = replace(frame.status, source=f"rtsp://{SECRET}/live", place=f"3 of 9, {SECRET}.jpg")
    hub.show(replace(frame, status=status))
    return hub


def context_with_secrets(hub, tmp_path):
    context = context_of(hub, tmp_path, token="a-token-of-the-owner")  # noqa: S106
    model = f"{SECRET}.keras, LiteRT"
    info = RunInfo(f"rtsp://{SECRET}/live", model, context.run_info.labels, turnable=False,
                   public_model="LiteRT")  # fmt: skip
    context.run_start.run_info = info
    return context


async def answer_of(application, path, kind="http"):
    client = Client(application, path, kind)
    if kind == "websocket":
        await until(lambda: len(client.sent) > 1)  # the first one accepts it
        client.task.cancel()
        return client.sent[1]["text"]
    await client.task
    assert client.sent[0]["status"] == 200, client.body
    return client.body.decode("latin-1")


@pytest.mark.parametrize("path", sorted(GUESTS - {"/api/stream.mjpg", "/api/judged.jpg"}))
def test_what_guests_read_names_no_file_no_camera_and_no_address(path, hub, tmp_path):
    context = context_with_secrets(hub, tmp_path)
    hub.show_status(
        status_card_of(None, Waiting(0.1, f"rtsp://{SECRET}/live is silent", 3.0)), View(1, (1,))
    )

    async def ask():
        application = build_application(
            context, AccessRules(sessions=context.sessions, guests=True)
        )
        context.broadcast.start()
        kind = "websocket" if path == "/api/live" else "http"
        answer = await answer_of(application, path, kind)
        await context.broadcast.close()
        return answer

    answer = asyncio.run(ask())
    assert SECRET not in answer
    if path in {"/api/state", "/api/live"}:
        state = json.loads(answer)
        assert state["waiting_for"] == ["the source is lost: it is opened again"]
        assert (state["source"], state["place"], state["notice"]) == ("", "", "")
        assert state["figures"]["picture"] is None


def test_the_owner_reads_them(hub, tmp_path):
    context = context_with_secrets(hub, tmp_path)
    state = context.state()
    words = (state.source, state.place, state.notice, state.figures.picture)
    assert all(SECRET in text for text in words)
    assert SECRET in context.state_cache.json(hub.newest)
    assert SECRET not in context.state_cache.json(hub.newest, for_guests=True)
    assert SECRET in overview_of(context.run_info, asks_token=True).model


def test_the_picture_of_a_lost_source_has_no_words_for_guests(hub):
    words = Waiting(0.1, f"rtsp://{SECRET}/live is silent", 3.0)
    before = hub.newest
    assert before.picture_for_guests is before.annotated.picture
    card = status_card_of(picture(), words)
    hub.show_status(card, View(1, (1,)))
    without = jpeg_of(hub.newest.picture_for_guests, 90)
    assert without == jpeg_of(card.ground, 90)
    assert without != jpeg_of(hub.newest.annotated.picture, 90)


def test_until_the_run_begins_guests_do_not_read_what_is_opened(tmp_path):
    context = context_of(FrameHub(), tmp_path)
    start = replace_source(context.run_start)
    assert SECRET in start.words()
    start.has_guests = True
    assert start.words() == "livecam is starting: opening the source."


def replace_source(start):
    start.source, start.run_info = f"{SECRET}.mp4", None
    return start
