"""Those who are told of events, as the settings name them; they may change while events go on."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from livecam.core.watching.listener import EventListener
from livecam.core.watching.watch_event import WatchEvent
from livecam.pipeline.watching.listener_group import ListenerGroup
from livecam.settings.notify import NotifySettings
from livecam.sinks.notify.delivery import THREAD_NAME
from livecam.sinks.notify.mqtt_client import MqttClient, MqttOptions
from livecam.sinks.notify.mqtt_listener import MqttListener
from livecam.sinks.notify.receivers import MqttReceiver, Receivers, receivers_of

if TYPE_CHECKING:
    from livecam.sinks.notify.moment_listener import MomentListener
    from livecam.sinks.notify.newest_events import PicturedEvent

LEAVING_S = 30.0
"""At the end, those who were told before a change have so long for what they still get."""

Say = Callable[[str], None]


class Notifier:
    """Broker, web server and programs as one; implements EventListener."""

    def __init__(
        self,
        settings: NotifySettings,
        folder: Path,
        classes: Mapping[str, Sequence[str]],
        say: Say,
    ) -> None:
        """None of them has to be there already.

        Args:
            settings: who is told.
            folder: of the events.
            classes: of each camera, by its name ("" for the only one), the classes of its events.
            say: gets one line where something changes.

        Raises:
            SettingsError: a setting cannot be used, or paho-mqtt is not installed.
            SinkError: the list of events cannot be read.
        """
        self._folder, self._say = folder, say
        self._broker: MqttListener | None = None
        self._others: dict[str, MomentListener] = {}
        self._going_on: dict[str, PicturedEvent] = {}
        self._leaving: list[threading.Thread] = []
        self._listeners = ListenerGroup((), say)
        self.prepared_change(settings, classes)()

    def prepared_change(
        self, settings: NotifySettings, classes: Mapping[str, Sequence[str]]
    ) -> Callable[[], None]:
        """What lets these be told from now on; nothing changes before it is called.

        Whoever stays gets what waits, also under another address. Whoever goes gets it, too, as far
        as that is possible in one more try of each message.

        Raises:
            SettingsError: a setting cannot be used, or paho-mqtt is not installed.
            SinkError: the list of events cannot be read.
        """
        receivers = receivers_of(settings, self._folder, classes)
        change_broker = self._prepared_broker(receivers.broker)

        def change() -> None:
            change_broker()
            self._change_others(receivers)
            listeners: list[EventListener] = [*self._others.values()]
            if self._broker is not None:
                listeners.append(self._broker)
            self._listeners = ListenerGroup(listeners, self._say)

        return change

    def started(self, event: WatchEvent, picture_jpeg: bytes | None) -> None:
        """Tell all."""
        self._going_on[event.event] = event, picture_jpeg
        self._listeners.started(event, picture_jpeg)

    def updated(self, event: WatchEvent, picture_jpeg: bytes | None) -> None:
        """Tell all."""
        self._going_on[event.event] = event, picture_jpeg
        self._listeners.updated(event, picture_jpeg)

    def ended(self, event: WatchEvent, picture_jpeg: bytes | None) -> None:
        """Tell all."""
        self._going_on.pop(event.event, None)
        self._listeners.ended(event, picture_jpeg)

    def finished(self, event: WatchEvent) -> None:
        """Tell all."""
        self._listeners.finished(event)

    def looked(self, camera: str, class_name: str, probability: float, at: datetime) -> None:
        """Tell all."""
        self._listeners.looked(camera, class_name, probability, at)

    def close(self) -> None:
        """Send what waits, as far as that is possible in a bounded time."""
        self._listeners.close()
        for thread in self._leaving:
            thread.join(LEAVING_S)

    def _prepared_broker(self, wanted: MqttReceiver | None) -> Callable[[], None]:
        """What lets this broker be told.

        Raises:
            SettingsError: paho-mqtt is not installed, or a certificate cannot be used.
        """
        before = self._broker
        if wanted is None:
            return self._leave_broker
        is_same = before is not None and _is_same_connection(before.options, wanted.options)
        client = None if is_same else MqttClient(wanted.options)

        def change() -> None:
            if before is not None:
                before.change(wanted.content, client)
                before.options = wanted.options
            elif client is not None:
                content = replace(wanted.content, going_on=tuple(self._going_on.values()))
                self._broker = MqttListener(client, content, self._say)

        return change

    def _leave_broker(self) -> None:
        former, self._broker = self._broker, None
        if former is not None:
            former.withdraw()
            self._close_later(former)

    def _change_others(self, receivers: Receivers) -> None:
        for name in self._others.keys() - receivers.others.keys():
            self._close_later(self._others.pop(name))
        for name, wanted in receivers.others.items():
            listener = self._others.get(name)
            if listener is None:
                self._others[name] = wanted.opened(self._say)
            else:
                listener.change(wanted.send, wanted.name, closing_s=wanted.closing_s)

    def _close_later(self, listener: EventListener) -> None:
        """Nobody waits while it sends what it has."""
        thread = threading.Thread(target=listener.close, name=THREAD_NAME, daemon=True)
        self._leaving = [*(each for each in self._leaving if each.is_alive()), thread]
        thread.start()


def _is_same_connection(before: MqttOptions, now: MqttOptions) -> bool:
    """Whether the present connection can stay: time limits may change in it."""
    return replace(before, limit_s=now.limit_s) == now
