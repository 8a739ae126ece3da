"""The view that a run begins with: what the settings say about heat, class and window."""

from collections.abc import Sequence

from livecam.core.map_scale import USUAL_ACT_MAX, USUAL_SCALE, MapScale
from livecam.core.view import View
from livecam.settings.schema import Settings


def first_view(
    settings: Settings,
    classes: Sequence[int],
    choices: Sequence[int],
    *,
    follows: bool = False,
    scale: MapScale = USUAL_SCALE,
) -> View:
    """The view that a run begins with.

    Args:
        settings: those of heat, window, output and recording are used.
        classes: indices of the chosen classes, the first is shown.
        choices: what n and p step through where only one class was chosen.
        follows: whether the class follows what is seen, among those that n and p step through.
        scale: of the model's maps; its reference is taken where the settings name none, and each
            frame's own maximum where it was not measured yet.
    """
    reference = scale.act_max if settings.heat.act_max is None else settings.heat.act_max
    heat, window, chosen = settings.heat, settings.window, settings.map
    return View(
        area=chosen.area,
        detail=chosen.detail,
        place=chosen.place,
        class_index=classes[0],
        class_cycle=class_cycle(classes, choices),
        follows=follows,
        measured=tuple(classes) if len(classes) > 1 else (),
        interpolation=heat.interpolation,
        style=heat.view,
        colormap=heat.colormap,
        opacity=heat.opacity,
        act_max=USUAL_ACT_MAX if reference in ("auto", None) else float(reference),
        auto=reference in ("auto", None),
        gain=heat.gain,
        gain_is_relative=scale.gain_is_relative,
        overlay=heat.overlay,
        boxes=settings.objects.boxes,
        figures=window.figures,
        top_five=window.top_five,
        record_figures=settings.recording.record_figures,
        record_top=settings.recording.record_top,
        record_clock=settings.recording.record_clock,
        mirror=window.mirror,
        help=window.keys,
        fullscreen=window.fullscreen,
        paused=window.paused,
        speed=window.speed,
        loop=window.at_end == "loop",
        recording=settings.output.record is not None,
    )


def class_cycle(classes: Sequence[int], choices: Sequence[int]) -> tuple[int, ...]:
    """What n and p step through: the chosen classes, or all where only one was chosen."""
    return tuple(classes if len(classes) > 1 else choices)
