"""The key table, and the pure step from one view to the next.

One table drives the keys, the help drawn on the screen and the list in the README.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, TypeVar

from livecam.core.class_entry import ENTRY_KEY
from livecam.core.events import Change, Closed, Event, KeyPress
from livecam.core.heat_overlay import COLORMAPS, STYLES
from livecam.core.map_choices import AREAS, DETAILS
from livecam.core.seek_and_speed import changed_speed
from livecam.core.view import View

T = TypeVar("T")

ESCAPE = "\x1b"
LEFT, RIGHT = "\u2190", "\u2192"
OPACITY_STEP = 0.1


CLASS_KEYS = tuple("1234567890")
"""Keys that take samples where classes are taught, 0 of other things; they are not in the table."""

_KEY_NAMES = {ESCAPE: "Esc", " ": "Space", LEFT: "Left", RIGHT: "Right"}


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
        seekable_only: whether it is for clips and folders alone.
    """

    keys: tuple[str, ...]
    name: str
    words: str
    step: Callable[[View], View]
    shows: str = ""
    walks: bool = False
    seekable_only: bool = False

    @property
    def key_names(self) -> str:
        """The keys as the help spells them, like "q Esc"."""
        return " ".join(_KEY_NAMES.get(key, key) for key in self.keys)


def _after(items: tuple[T, ...], current: T) -> T:
    return items[(items.index(current) + 1) % len(items)]


def _cycle_class(view: View, by: int) -> View:
    cycle = view.class_cycle
    # A class outside of the cycle (chosen elsewhere) starts it from the beginning.
    place = cycle.index(view.class_index) + by if view.class_index in cycle else 0
    return replace(view, class_index=cycle[place % len(cycle)], follows=False)


def _opacity(view: View, by: float) -> View:
    return replace(view, opacity=round(min(1.0, max(0.0, view.opacity + by)), 3))


def _interpolation(view: View) -> View:
    return replace(view, interpolation=_after(("bilinear", "nearest"), view.interpolation))


def _style(view: View) -> View:
    return replace(view, style=_after(STYLES, view.style))


def _colormap(view: View) -> View:
    return replace(view, colormap=_after(tuple(COLORMAPS), view.colormap))


def _area(view: View) -> View:
    return replace(view, area=_after(AREAS, view.area))


def _detail(view: View) -> View:
    return replace(view, detail=_after(DETAILS, view.detail))


def _changed(view: View, fields: Mapping[str, Any]) -> View:
    return replace(view, **fields)


def _toggle(field: str) -> Callable[[View], View]:
    return lambda view: _changed(view, {field: not getattr(view, field)})


def _escape(view: View) -> View:
    if view.judged:
        return replace(view, judged=False)
    return replace(view, fullscreen=False) if view.fullscreen else replace(view, leaving=True)


def _seek(view: View, by: int) -> View:
    return replace(view, seek_steps=view.seek_steps + by)


def _step(view: View, by: int) -> View:
    return replace(view, paused=True, frame_steps=view.frame_steps + by)


def _speed(view: View, by: int) -> View:
    return replace(view, speed=changed_speed(view.speed, by))


def _of_clips(
    keys: tuple[str, ...], name: str, words: str, step: Callable[[View], View]
) -> Binding:
    return Binding(keys, name, words, step, walks=True, seekable_only=True)


BINDINGS: tuple[Binding, ...] = (
    Binding(("q",), "Quit", "quit", lambda v: replace(v, leaving=True)),
    Binding((ESCAPE,), "Escape", "end the judgement, leave full screen, else quit", _escape),
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
    Binding(("v",), "View", "view: colour, brightness or a pair of classes", _style, "style"),
    Binding(("c",), "Colour map", "next colour map", _colormap, "colormap"),
    Binding(("[",), "Less colour", "less colour", lambda v: _opacity(v, -OPACITY_STEP), walks=True),
    Binding(("]",), "More colour", "more colour", lambda v: _opacity(v, OPACITY_STEP), walks=True),
    Binding(("o",), "Heat", "heat on or off", _toggle("overlay"), "overlay"),
    Binding(("w",), "Area", "area: square or whole frame", _area, "area"),
    Binding(("g",), "Detail", "detail: 7, 14 or 21 cells on the shorter side", _detail, "detail"),
    Binding(("b",), "Boxes", "boxes around what is found", _toggle("boxes"), "boxes"),
    Binding(("n",), "Next class", "next class", lambda v: _cycle_class(v, 1), walks=True),
    Binding(("p",), "Previous class", "previous class", lambda v: _cycle_class(v, -1), walks=True),
    # The window and the page take what is typed then: the key itself changes nothing.
    Binding((ENTRY_KEY,), "Class by name", "class by its name: type it", lambda v: v),
    Binding(("t",), "Top five", "five most probable classes", _toggle("top_five"), "top_five"),
    Binding(("e",), "Judge", "judge this frame: is its map true?", _toggle("judged"), "judged"),
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
    _of_clips((LEFT,), "Back", "5 s back; previous picture", lambda v: _seek(v, -1)),
    _of_clips((RIGHT,), "Forward", "5 s forward; next picture", lambda v: _seek(v, 1)),
    _of_clips((",",), "Frame back", "one frame back", lambda v: _step(v, -1)),
    _of_clips((".",), "Frame forward", "one frame forward", lambda v: _step(v, 1)),
    _of_clips(("-",), "Slower", "half the speed", lambda v: _speed(v, -1)),
    _of_clips(("+", "="), "Faster", "twice the speed", lambda v: _speed(v, 1)),
    Binding(("l",), "Loop", "begin again at the end", _toggle("loop"), "loop", seekable_only=True),
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
        if binding.seekable_only and not view.is_seekable:
            return view
        return view if event.is_repeat and not binding.walks else binding.step(view)
    return view


@cache
def bindings_for(
    *, is_seekable: bool, class_keys: tuple[tuple[str, str], ...] = ()
) -> tuple[Binding, ...]:
    """The table's rows for a run.

    Args:
        is_seekable: whether the source can be sought: those of clips stand there only then.
        class_keys: keys and the classes that they take samples of: the first rows.
    """
    taught = (
        Binding((key,), f"Teach {name}", f"hold: samples of {name}", _unchanged)
        for key, name in class_keys
    )
    return (*taught, *(b for b in BINDINGS if is_seekable or not b.seekable_only))


def _unchanged(view: View) -> View:
    return view
