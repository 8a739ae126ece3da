"""Which class and heat a recording shows, and when that was changed on the way."""

from collections import deque
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from livecam.core.annotated_frame import AnnotatedFrame

if TYPE_CHECKING:
    from livecam.core.view import View

MOST_CHANGES = 200
"""So many of a file are listed, the first ones; the others are counted."""

_REMEMBERED = 5000
_BESIDE_HEAT = ("class", "area", "detail", "approximate")


def settings_in_force(annotated: AnnotatedFrame) -> dict[str, Any]:
    """What decides how a frame looks, under the names of the settings."""
    view, second = annotated.view, annotated.second
    pair = {} if second is None else {"second_class": second.class_name}
    fitted = {"gain_is_relative": True} if view.gain_is_relative else {}
    approximate = {"approximate": True} if annotated.stats.is_approximate else {}
    return (
        pair
        | fitted
        | approximate
        | {
            "class": annotated.stats.class_name,
            "area": view.area,
            "detail": view.detail,
            "act_max": "auto" if view.auto else view.act_max,
            "gain": view.gain,
            "interpolation": view.interpolation,
            "view": view.style,
            "colormap": view.colormap,
            "opacity": view.opacity,
            "overlay": view.overlay,
            "mirror": view.mirror,
        }
    )


class SettingsHistory:
    """The settings in force at each time stamp of the streams, from one change to the next."""

    def __init__(self, time_base: Fraction) -> None:
        """Begin with no frame; `time_base` is the unit of time stamps in seconds."""
        self._time_base_s = float(time_base)
        self._view: View | None = None
        self._class_name = ""
        self._entries: deque[tuple[int, dict[str, Any]]] = deque(maxlen=_REMEMBERED)

    def add(self, annotated: AnnotatedFrame, pts: int) -> None:
        """The next frame, with its time stamp."""
        if annotated.view is self._view and annotated.stats.class_name == self._class_name:
            return
        self._view, self._class_name = annotated.view, annotated.stats.class_name
        settings = settings_in_force(annotated)
        if not self._entries or settings != self._entries[-1][1]:
            self._entries.append((pts, settings))

    def at(self, pts: int | None) -> dict[str, Any]:
        """Those of the frame at a time stamp; None for the newest."""
        entries = self._entries
        before = [settings for at_pts, settings in entries if pts is None or at_pts <= pts]
        return before[-1] if before else entries[0][1]

    def metadata(self, begin_pts: int | None, end_pts: int | None) -> dict[str, Any]:
        """For a file's metadata: class, area, detail, heat of its first frame, and later changes.

        Args:
            begin_pts: of its first frame; None where that is not known yet.
            end_pts: of the first frame that is no longer in it; None for no end.
        """
        begun = self.at(begin_pts)
        heat = {name: value for name, value in begun.items() if name not in _BESIDE_HEAT}
        beside = {name: begun[name] for name in _BESIDE_HEAT if name in begun}
        found: dict[str, Any] = beside | {"heat": heat}
        if begin_pts is None:
            return found
        changes, before = [], begun
        for pts, settings in self._entries:
            if pts > begin_pts and (end_pts is None or pts < end_pts):
                time_s = round((pts - begin_pts) * self._time_base_s, 3)
                new = {name: value for name, value in settings.items() if value != before.get(name)}
                changes.append({"time_s": time_s, **new})
                before = settings
        if changes:
            found["changes"] = changes[:MOST_CHANGES]
        if len(changes) > MOST_CHANGES:
            found["more_changes"] = len(changes) - MOST_CHANGES
        return found
