"""The reference of the brightness that fits a model: its own, or measured once and kept."""

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from livecam.assembly.open_model import OpenedModel
from livecam.assembly.run_context import RunContext
from livecam.core.map_scale import USUAL_ACT_MAX
from livecam.core.view import View
from livecam.models.scale_file import keep_scale
from livecam.settings.schema import Settings

if TYPE_CHECKING:  # measured once for each network
    from livecam.sinks.scale_measurement import ScaleMeasurement


def with_scale_of(model: OpenedModel, settings: Settings, view: View) -> View:
    """The view with a gain that fits the model, and its reference where the settings name none."""
    scale = model.map_scale
    view = replace(view, gain_is_relative=scale.gain_is_relative)
    if settings.heat.act_max is not None:
        return view
    act_max = scale.act_max
    if act_max is None:
        return replace(view, auto=True)
    is_chosen = view.auto or view.act_max != USUAL_ACT_MAX  # by a key, while the model loaded
    return view if is_chosen else replace(view, act_max=act_max)


def scale_measurement(
    model: OpenedModel, context: RunContext, stack: ExitStack
) -> "ScaleMeasurement":
    """What measures the reference of a model that has none, on what this run shows."""

    def keep(act_max: float, pictures: int) -> None:
        folder = model.export_folder
        is_kept = folder is not None and keep_scale(folder, act_max, pictures)
        after = "kept for the next run" if is_kept else f"give --act-max {act_max:.1f} next time"
        context.screen_messages.post(
            f"act-max of {model.spec.title}: {act_max:.1f}, the median of {pictures} pictures; "
            f"{after}"
        )

    from livecam.sinks.scale_measurement import ScaleMeasurement

    measurement = ScaleMeasurement(keep)
    stack.callback(measurement.finish)
    return measurement
