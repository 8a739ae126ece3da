"""Opens what `livecam watch` needs, in order: conditions, events folder, network, sources."""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from livecam.assembly.first_view import first_view
from livecam.assembly.map_scale import with_scale_of
from livecam.assembly.model_from_settings import ModelChoice, choose_model, open_chosen_model
from livecam.assembly.open_model import OpenedModel
from livecam.assembly.watch_plans import camera_plan, classes_of_plans
from livecam.core.day_records.day_look import DayLook
from livecam.core.view import View
from livecam.core.watching.event_store import EventStore
from livecam.core.watching.listener import EventListener
from livecam.core.watching.watch_event import WatchEvent, day_folder
from livecam.core.watching.watch_plan import CameraPlan
from livecam.core.watching.watched_source import WatchedSource
from livecam.pipeline.watching.camera_watch import CameraWatch
from livecam.pipeline.watching.event_tools import EventTools
from livecam.pipeline.watching.looker import Looker
from livecam.settings.camera_tables import CameraTable
from livecam.settings.schema import Settings
from livecam.sinks.events.cut_events import (
    close_open_events,
    cut_events_line,
    take_untold_events,
    untold_events_line,
)
from livecam.sinks.events.event_files import thumbnail_of
from livecam.sinks.events.event_log import EventLog
from livecam.sinks.leftovers import remove_leftovers

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False)
class WatchParts:
    """What all cameras share.

    Attributes:
        choice: the network, before it is loaded.
        model: loaded.
        settings: everything but what cameras have of their own.
        store: keeps the events.
        listener: is told of them.
        say: receives lines for the log.
        on_finished: is given each event whose clip is closed, and how its camera is watched.
        clock: seconds, monotonic.
        on_look: is shown every look.
    """

    choice: ModelChoice
    model: OpenedModel
    settings: Settings
    store: EventStore
    listener: EventListener
    say: Say
    on_finished: Callable[[CameraPlan, WatchEvent], None]
    clock: Callable[[], float] = time.monotonic
    on_look: Callable[[DayLook], None] = lambda _: None

    def view(self, plans: Sequence[CameraPlan]) -> View:
        """How maps are drawn, of the first class of these plans."""
        classes = self._classes(plans)
        view = first_view(self.settings, classes, self.model.class_choices)
        return replace(with_scale_of(self.model, self.settings, view), measured=())

    def looker(self, plan: CameraPlan, title: str) -> Looker:
        """What looks at the pictures of a camera."""
        return Looker(self.model, self.view([plan]), self._classes([plan]), title)

    def _classes(self, plans: Sequence[CameraPlan]) -> tuple[int, ...]:
        return classes_of_plans(plans, self.choice.spec.labels, self.choice.classes[0])

    def camera_watch(self, plan: CameraPlan, source: WatchedSource) -> CameraWatch:
        """What watches a source, which is open."""
        looker = self.looker(plan, source.title)
        tools = EventTools(
            plan, source, looker, self.store, self.listener, self.say, self.clock, self.on_look
        )
        return CameraWatch(tools, self.on_finished)


def choose_watched_model(
    settings: Settings, cameras: Sequence[CameraTable]
) -> tuple[ModelChoice, tuple[CameraPlan, ...]]:
    """The network that the settings name, and how each camera is watched; nothing is loaded yet.

    Raises:
        SettingsError: there is no such network or class, or a condition is missing.
    """
    choice = choose_model(settings.model)
    labels, chosen = choice.spec.labels, settings.map
    return choice, tuple(camera_plan(camera, labels, chosen) for camera in cameras)


def open_event_log(folder: Path, stack: ExitStack, say: Say) -> EventLog:
    """The events folder, locked.

    Raises:
        SettingsError: another livecam writes it.
        SinkError: it cannot be written.
    """
    log = stack.enter_context(EventLog(folder))
    if log.problem:
        say(f"{folder} cannot be locked ({log.problem}): let no other livecam watch into it")
    return log


def cut_open_events(log: EventLog, listener: EventListener, say: Say) -> list[WatchEvent]:
    """The events that a killed livecam left open: now cut, which is said and told.

    Those among them that `livecam serve` has cut meanwhile, and told nobody.

    Raises:
        SinkError: the list cannot be read or written.
    """
    untold, cut = take_untold_events(log), close_open_events(log)
    if cut:
        say(cut_events_line(cut))
    if untold:
        say(untold_events_line(untold))
    cut = [*untold, *cut]
    for event in cut:
        listener.ended(event, thumbnail_of(log.folder, event))
        listener.finished(event)
    for day in sorted({day_folder(event.event) for event in cut}):
        leftovers = remove_leftovers(log.folder / day)
        if leftovers:
            say(leftovers)
    return cut


def load_watched_model(choice: ModelChoice, say: Say) -> OpenedModel:
    """Load the network.

    Raises:
        ModelError: weights or engine are missing or damaged.
        SettingsError: the engine does not have the precision.
    """
    return open_chosen_model(choice, say)
