"""Opens the page of watched sources and their events, or of the events of an earlier run."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from livecam.assembly.open_web_page import open_listener
from livecam.core.types import BgrImage
from livecam.core.view import View
from livecam.core.watching.drawn_look import draw_look
from livecam.core.watching.watch_state import LookState
from livecam.errors import SettingsError, SinkError
from livecam.native.real_path import real_path
from livecam.settings.schema import ServeSettings
from livecam.sinks.events.cut_events import close_open_events, cut_events_line
from livecam.sinks.events.event_index import EventIndex
from livecam.sinks.events.event_log import EventLog, read_events

Say = Callable[[str], None]


@contextmanager
def watch_page_of(
    serve: ServeSettings, folder: Path, *, say: Say, show_link: Say, is_watching: bool = True
) -> Iterator[Any]:
    """The page, answering: its `show` takes the state of the watching; None without --serve.

    Args:
        serve: where and for whom.
        folder: of the events.
        say: receives its address, and errors.
        show_link: shows a link on the terminal as a code for telephones.
        is_watching: whether this program watches, and so has the list of events; it has to be
            opened before.

    Raises:
        SettingsError: as in `open_listener`.
        SinkError: the list of events cannot be read.
    """
    if not serve.serve:
        yield None
        return
    if not is_watching:
        _close_left_events(folder, say)
    events = EventIndex(folder, is_own=is_watching, notify=say)
    with open_listener(replace(serve, guests=False)) as listener, events:
        from livecam.web.watching.watch_screen import WatchScreen

        title = real_path(folder).name
        with WatchScreen(
            listener, events, title, is_watching=is_watching, say=say, show_link=show_link
        ) as page:
            yield page


def _close_left_events(folder: Path, say: Say) -> None:
    """Events that a killed livecam left open are cut, unless another one goes on with them.

    Nobody is told of that here: the next `livecam watch` does it.
    """
    if all(event.is_over for event in read_events(folder).values()):
        return
    try:
        with EventLog(folder) as log:
            cut = close_open_events(log, is_told=False)
    except SettingsError:  # another one does
        return
    except SinkError as error:  # the folder can only be read, say
        say(f"events that a killed livecam left open are shown as going on: {error}")
        return
    say(cut_events_line(cut))


def drawing_with(view: View) -> Callable[[LookState], BgrImage]:
    """What draws the pictures of the page; `view` says how, as `livecam watch` has it."""
    return lambda look: draw_look(look, view)
