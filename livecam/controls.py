"""The key table, and the pure step from one view to the next.

One table drives the keys, the help drawn on the screen and the list in the README.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from livecam.paint import COLORMAPS
from livecam.ports import Closed, Event, KeyPress
from livecam.values import View

ESCAPE = "\x1b"
OPACITY_STEP = 0.1


@dataclass(frozen=True, slots=True)
class Binding:
    """Keys that do the same thing, the words for them, and the step."""

    keys: tuple[str, ...]
    words: str
    step: Callable[[View], View]

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


BINDINGS: tuple[Binding, ...] = (
    Binding(("q", ESCAPE), "quit", lambda v: replace(v, leaving=True)),
    Binding((" ",), "pause", lambda v: replace(v, paused=not v.paused)),
    Binding(("i",), "interpolation: bilinear or nearest", _interpolation),
    Binding(
        ("a",), "reference: fixed or each frame's maximum", lambda v: replace(v, auto=not v.auto)
    ),
    Binding(("v",), "view: colour or brightness", _style),
    Binding(("c",), "next colour map", _colormap),
    Binding(("[",), "less colour", lambda v: _opacity(v, -OPACITY_STEP)),
    Binding(("]",), "more colour", lambda v: _opacity(v, OPACITY_STEP)),
    Binding(("o",), "heat on or off", lambda v: replace(v, overlay=not v.overlay)),
    Binding(("n",), "next class", lambda v: _cycle_class(v, 1)),
    Binding(("p",), "previous class", lambda v: _cycle_class(v, -1)),
    Binding(("t",), "five most probable classes", lambda v: replace(v, top_five=not v.top_five)),
    Binding(("d",), "figures on or off", lambda v: replace(v, figures=not v.figures)),
    Binding(("m",), "mirror", lambda v: replace(v, mirror=not v.mirror)),
    Binding(("r",), "record: start or stop", lambda v: replace(v, recording=not v.recording)),
    Binding(("s",), "snapshot", lambda v: replace(v, snapshots=v.snapshots + 1)),
    Binding(
        ("S",),
        "clean snapshot with its numbers",
        lambda v: replace(v, clean_snapshots=v.clean_snapshots + 1),
    ),
    Binding(("f",), "full screen", lambda v: replace(v, fullscreen=not v.fullscreen)),
    Binding(("h", "?"), "this help", lambda v: replace(v, help=not v.help)),
)

_STEPS = {key: binding.step for binding in BINDINGS for key in binding.keys}


def after_event(view: View, event: Event) -> View:
    """The view after a key or the close button; unknown keys and the pointer change nothing."""
    if isinstance(event, Closed):
        return replace(view, leaving=True)
    if isinstance(event, KeyPress) and event.key in _STEPS:
        return _STEPS[event.key](view)
    return view


def help_rows() -> list[tuple[str, str]]:
    """(keys, what they do) in the order of the table."""
    return [(binding.key_names, binding.words) for binding in BINDINGS]
