"""The application for many viewers, without a network: pictures, state, limits, health."""

import asyncio
import json

import pytest
from fastapi import HTTPException
from web.application_requests import Client, context_of, response_of, shown
from support import FakeClock, picture

from livecam.models.catalogue import spec_of
from livecam.core.events import KeyPress
from livecam.core.status_card import StatusCard
from livecam.core.view import View
from livecam.settings.schema import ServeSettings
from livecam.web.api import state_cache
from livecam.web.api.routes import commands
from livecam.web.api.application import build_application
from livecam.web.api.request_messages import SnapshotCommand
from livecam.web.api.routes.health import STALE_S
from livecam.web.api.run_info import RunInfo
from livecam.web.api.state_json import overview_of
from livecam.web.server.listener import open_listener
from livecam.web.server.middleware import AccessRules
from livecam.web.server.access_token import AccessToken
from livecam.web.server.sessions import Sessions
from livecam.web.server.rate_limit import RateLimit, RateLimits
from livecam.web.server.uvicorn_server import UvicornServer
from livecam.web.streaming.frame_hub import FrameHub
from livecam.web.web_screen import WebScreen

VIEW = View(class_index=1, class_cycle=(1, 2))


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def hub(clock):
    return FrameHub(clock=clock)


def test_the_state_is_converted_once_for_all_readers_and_its_age_grows(
    hub, clock, tmp_path, monkeypatch
):
    converted, real = [], state_cache.state_of
    monkeypatch.setattr(
        state_cache, "state_of", lambda *a, **k: converted.append(1) or real(*a, **k)
    )
    cache = context_of(hub, tmp_path).state_cache
    shown(hub, 7)
    texts = {cache.json(hub.newest) for _ in range(9)}
    clock.sleep(3.0)
    assert json.loads(cache.json(hub.newest))["age_ms"] == 3000.0
    assert len(texts) == 1
    assert len(converted) == 2


def test_health_is_whether_the_loop_polls(hub, clock, tmp_path):
    async def main():
        application = build_application(context_of(hub, tmp_path), AccessRules())
        answers = []

        async def status():
            answers.append((await response_of(application, "/healthz")).sent[0]["status"])

        await status()  # no frame yet
        hub.events(0.0)
        shown(hub, 7)
        await status()
        clock.sleep(STALE_S + 1)
        hub.events(0.0)
        await status()  # the same picture, but the loop polls
        clock.sleep(STALE_S + 1)
        await status()  # it does not poll again
        hub.events(0.0)
        hub.show_status(StatusCard(picture()), VIEW)
        await status()  # the source is lost
        return answers

    assert asyncio.run(main()) == [503, 200, 200, 503, 503]


def test_a_server_that_stops_unexpectedly_is_reported(hub, tmp_path, monkeypatch):
    async def fail(*_):
        raise OSError("too many open files")

    monkeypatch.setattr(UvicornServer, "serve_on", fail)
    said, context = [], context_of(hub, tmp_path)
    with (
        open_listener(ServeSettings(port=0)) as listener,
        WebScreen(listener, hub, context.output_files, "daisy", say=said.append) as screen,
    ):
        screen._server._thread.join(30)
    reason = "(OSError: too many open files)"
    assert f"the web server stopped unexpectedly {reason}: start livecam again." in said


def test_a_flood_of_snapshots_has_one_clear_answer(hub, tmp_path):
    router = commands.command_routes(context_of(hub, tmp_path))
    snapshot = next(route.endpoint for route in router.routes if route.path == "/snapshot")

    def status():
        with pytest.raises(HTTPException) as answer:
            asyncio.run(snapshot(SnapshotCommand(clean=False)))
        return answer.value.status_code, answer.value.detail

    answers = [status() for _ in range(60)]
    assert {code for code, _ in answers[:20]} == {503}  # no frame yet
    assert answers[-1] == (429, "too many snapshots: at most 20, then 2 a second.")


def test_the_last_event_of_a_run_is_applied_when_it_ends(hub, tmp_path, monkeypatch):
    monkeypatch.setattr(commands, "APPLY_TIMEOUT_S", 60.0)

    async def main():
        context = context_of(hub, tmp_path)
        context.broadcast.start()
        shown(hub, 7)
        applied = asyncio.ensure_future(commands.apply(context, KeyPress("q")))
        await asyncio.sleep(0)
        assert hub.events(0.0) == [KeyPress("q")]
        hub.close()
        state = await applied
        await context.broadcast.close()
        return state.number

    assert asyncio.run(main()) == 1


@pytest.mark.parametrize("token", [None, "an-example-of-a-secret-1234"])
def test_the_api_description_says_how_to_send_the_token(hub, tmp_path, token):
    async def main():
        application = build_application(context_of(hub, tmp_path, token), AccessRules())
        return json.loads((await response_of(application, "/api/openapi.json")).body)

    description = asyncio.run(main())
    schemes = description.get("components", {}).get("securitySchemes", {})
    assert {kind["type"] for kind in schemes.values()} == ({"http", "apiKey"} if token else set())
    assert bool(description["paths"]["/api/state"]["get"].get("security")) is bool(token)
    assert not description["paths"]["/healthz"]["get"].get("security")


def test_the_search_of_the_page_finds_kinds_and_tells_cranes_apart(hub, tmp_path):
    async def searched(text):
        context = context_of(hub, tmp_path, model="imagenet")
        application = build_application(context, AccessRules())
        client = Client(application, "/api/classes")
        client.scope["query_string"] = f"search={text}".encode()
        await client.task
        return json.loads(client.body)

    cranes = asyncio.run(searched("crane"))
    assert [entry["name"] for entry in cranes] == ["crane (wading bird)", "crane (lifting device)"]
    cats = [entry["name"] for entry in asyncio.run(searched("cat"))]
    assert cats[:3] == ["tabby", "tiger cat", "Persian cat"]
    assert "lynx" in cats
    assert "catamaran" not in cats


def test_logins_are_limited_for_an_address_and_not_for_who_has_a_cookie(hub, tmp_path):
    async def statuses():
        rules = AccessRules(
            rate_limits=RateLimits(logins=RateLimit(3, 0)), sessions=Sessions(AccessToken("x" * 20))
        )
        application = build_application(context_of(hub, tmp_path, "x" * 20), rules)
        found = []
        for _ in range(5):
            client = Client(application, "/api/login")
            await client.task
            found.append(client.sent[0]["status"])
        return found

    found = asyncio.run(statuses())
    assert 429 not in found[:3]
    assert found[3:] == [429, 429]


def test_the_page_gets_a_key_for_each_class_that_is_taught(tmp_path):
    labels = spec_of("flowers").labels
    keys = {"1": "ivy", "0": "other"}
    overview = overview_of(
        RunInfo("daisy", "", labels, turnable=False, class_keys=keys), asks_token=False
    )
    assert [(entry.keys, entry.name) for entry in overview.keys[:2]] == [
        (["1"], "Teach ivy"),
        (["0"], "Teach other"),
    ]
    usual = overview_of(RunInfo("daisy", "", labels, turnable=False), asks_token=False)
    assert usual.keys == overview.keys[2:]
