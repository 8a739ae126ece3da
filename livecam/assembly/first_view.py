"""The view that a run begins with: what the settings say about heat, class and window."""

from collections.abc import Sequence

from livecam.core.view import View
from livecam.settings.schema import Settings

FALLBACK_ACT_MAX = 36.0  # the original page's own; what the key `a` leads to from --act-max auto


def first_view(settings: Settings, classes: Sequence[int], choices: Sequence[int]) -> View:
    """The view that a run begins with.

    Args:
        settings: those of heat, window and output are used.
        classes: indices of the chosen classes, the first is shown.
        choices: what n and p step through where only one class was chosen.
    """
    heat = settings.heat
    return View(
        class_index=classes[0],
        class_cycle=class_cycle(classes, choices),
        interpolation=heat.interpolation,
        style=heat.view,
        colormap=heat.colormap,
        opacity=heat.opacity,
        act_max=FALLBACK_ACT_MAX if heat.act_max == "auto" else float(heat.act_max),
        auto=heat.act_max == "auto",
        gain=heat.gain,
        mirror=settings.window.mirror,
        fullscreen=settings.window.fullscreen,
        recording=settings.output.record is not None,
    )


def class_cycle(classes: Sequence[int], choices: Sequence[int]) -> tuple[int, ...]:
    """What n and p step through: the chosen classes, or all where only one was chosen."""
    return tuple(classes if len(classes) > 1 else choices)
