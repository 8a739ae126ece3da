"""What a key or the page has just set, in a few words for the screen: "colour map: turbo"."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields

from livecam.core.events import Event, KeyPress
from livecam.core.view import View


def _on_off(name: str, field: str) -> Callable[[View], str]:
    return lambda view: f"{name}: {'on' if getattr(view, field) else 'off'}"


def _opacity(view: View) -> str:
    unseen = " (heat is off)" if not view.overlay else ""
    if view.style == "brightness":
        unseen = " (not seen in this view)"
    return f"opacity: {100 * view.opacity:.0f} %{unseen}"


def _reference(view: View) -> str:
    return "reference: each frame's maximum" if view.auto else f"reference: {view.act_max:g}"


_MESSAGES: Mapping[str, Callable[[View], str]] = {
    "colormap": lambda view: f"colour map: {view.colormap}",
    "opacity": _opacity,
    "interpolation": lambda view: f"interpolation: {view.interpolation}",
    "area": lambda view: f"area: {'whole frame' if view.area == 'frame' else 'square'}",
    "place": lambda view: f"place: {view.place}",
    "detail": lambda view: f"detail: {view.detail}",
    "auto": _reference,
    "act_max": _reference,
    "gain": lambda view: f"gain: {view.gain:g}",
    "style": lambda view: f"view: {view.style}",
    "overlay": _on_off("heat", "overlay"),
    "boxes": _on_off("boxes", "boxes"),
    "figures": _on_off("figures", "figures"),
    "top_five": _on_off("top five", "top_five"),
    "mirror": _on_off("mirror", "mirror"),
    "speed": lambda view: f"speed: {view.speed:g} x",
    "loop": _on_off("loop", "loop"),
}
"""For the fields of the view that do not say by themselves what they are now."""

_AT_THE_END = {"[": "opacity", "]": "opacity", "-": "speed", "+": "speed", "=": "speed"}
"""Keys that say where they are also where they cannot go on."""


def setting_message(event: Event, before: View, after: View, labels: Sequence[str]) -> str:
    """What an event has set; "" where it has set nothing that needs words.

    Args:
        event: what happened.
        before: the view before it.
        after: the view after it.
        labels: names of the model's classes, in order.
    """
    changed = [f.name for f in fields(View) if getattr(before, f.name) != getattr(after, f.name)]
    if isinstance(event, KeyPress) and event.key in _AT_THE_END:
        changed.append(_AT_THE_END[event.key])
    if not after.is_seekable:
        changed = [name for name in changed if name not in {"speed", "loop"}]
    said = [_MESSAGES[name](after) for name in changed if name in _MESSAGES]
    if "class_index" in changed:
        said.insert(0, f"class: {labels[after.class_index]}")
    return ", ".join(dict.fromkeys(said))
