"""The key table, and the pure step from one view to the next.

One table drives the keys, the help drawn on the screen and the list in the README.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from livecam.core.events import Change, Closed, Event, KeyPress
from livecam.core.heat_overlay import COLORMAPS
from livecam.core.view import View

ESCAPE = "\x1b"
OPACITY_STEP = 0.1


@dataclass(frozen=True, slots=True)
class Binding:
    """Keys that do the same thing, the words for them, and the step.

    Attributes:
        keys: as the characters that they type.
        name: what a button says.
        words: what the help says.
        step: from one view to the next.
        shows: the field of the view that holds the state, "" where there is none.
        walks: whether a key that is held goes on; with others, `r` say, it would be a mishap.
    """

    keys: tuple[str, ...]
    name: str
    words: str
    step: Callable[[View], View]
    shows: str = ""
    walks: bool = False

    @property
    def key_names(self) -> str:
        """The keys as the help spells them, like "q Esc"."""
        return " ".join({ESCAPE: "Esc", " ": "Space"}.get(key, key) for key in self.keys)


def _after(items: tuple[str, ...], current: str) -> str:
    return items[(items.index(current) + 1) % len(items)]


def _cycle_class(view: View, by: int) -> View:
    cycle = view.class_cycle
    # A class outside of the cycle (chosen elsewhere) starts it from the beginning.
    place = cycle.index(view.class_index) + by if view.class_index in cycle else 0
    return replace(view, class_index=cycle[place % len(cycle)])


def _opacity(view: View, by: float) -> View:
    return replace(view, opacity=round(min(1.0, max(0.0, view.opacity + by)), 3))


def _interpolation(view: View) -> View:
    return replace(view, interpolation=_after(("bilinear", "nearest"), view.interpolation))


def _style(view: View) -> View:
    return replace(view, style=_after(("colour", "brightness"), view.style))


def _colormap(view: View) -> View:
    return replace(view, colormap=_after(tuple(COLORMAPS), view.colormap))


def _changed(view: View, fields: Mapping[str, Any]) -> View:
    return replace(view, **fields)


def _toggle(field: str) -> Callable[[View], View]:
    return lambda view: _changed(view, {field: not getattr(view, field)})


BINDINGS: tuple[Binding, ...] = (
    Binding(("q", ESCAPE), "Quit", "quit", lambda v: replace(v, leaving=True)),
    Binding((" ",), "Pause", "pause", _toggle("paused"), "paused"),
    Binding(
        ("i",),
        "Interpolation",
        "interpolation: bilinear or nearest",
        _interpolation,
        "interpolation",
    ),
    Binding(
        ("a",),
        "Auto reference",
        "reference: fixed or each frame's maximum",
        _toggle("auto"),
        "auto",
    ),
    Binding(("v",), "View", "view: colour or brightness", _style, "style"),
    Binding(("c",), "Colour map", "next colour map", _colormap, "colormap"),
    Binding(("[",), "Less colour", "less colour", lambda v: _opacity(v, -OPACITY_STEP), walks=True),
    Binding(("]",), "More colour", "more colour", lambda v: _opacity(v, OPACITY_STEP), walks=True),
    Binding(("o",), "Heat", "heat on or off", _toggle("overlay"), "overlay"),
    Binding(("n",), "Next class", "next class", lambda v: _cycle_class(v, 1), walks=True),
    Binding(("p",), "Previous class", "previous class", lambda v: _cycle_class(v, -1), walks=True),
    Binding(("t",), "Top five", "five most probable classes", _toggle("top_five"), "top_five"),
    Binding(("d",), "Figures", "figures on or off", _toggle("figures"), "figures"),
    Binding(("m",), "Mirror", "mirror", _toggle("mirror"), "mirror"),
    Binding(("r",), "Record", "record: start or stop", _toggle("recording"), "recording"),
    Binding(("s",), "Snapshot", "snapshot", lambda v: replace(v, snapshots=v.snapshots + 1)),
    Binding(
        ("S",),
        "Clean snapshot",
        "clean snapshot with its numbers",
        lambda v: replace(v, clean_snapshots=v.clean_snapshots + 1),
    ),
    Binding(("f",), "Full screen", "full screen", _toggle("fullscreen"), "fullscreen"),
    Binding(("h", "?"), "Help", "this help", _toggle("help"), "help"),
)

_BY_KEY = {key: binding for binding in BINDINGS for key in binding.keys}


def after_event(view: View, event: Event) -> View:
    """The view after a key, a change or the close button.

    Unknown keys and the pointer change nothing.
    """
    if isinstance(event, Closed):
        return replace(view, leaving=True)
    if isinstance(event, Change):
        return _changed(view, event.fields)
    if isinstance(event, KeyPress) and event.key in _BY_KEY:
        binding = _BY_KEY[event.key]
        return view if event.is_repeat and not binding.walks else binding.step(view)
    return view


@cache
def help_rows() -> list[tuple[str, str]]:
    """(keys, what they do) in the order of the table."""
    return [(binding.key_names, binding.words) for binding in BINDINGS]
