"""From the settings of cameras to what is watched for: conditions with the model's own classes."""

from collections.abc import Sequence

from livecam.core.conditions.contradiction import why_never
from livecam.core.conditions.expression import with_class_names
from livecam.core.conditions.parse import parse_condition
from livecam.core.labels import Labels
from livecam.core.network_size import Look
from livecam.core.watching.watch_plan import CameraPlan, WatchRule
from livecam.errors import SettingsError
from livecam.settings.camera_tables import CameraTable
from livecam.settings.map import MapSettings
from livecam.settings.watch import WatchSettings


def camera_plan(camera: CameraTable, labels: Labels, chosen: MapSettings) -> CameraPlan:
    """How a camera is watched.

    Args:
        camera: its settings.
        labels: the classes of the model.
        chosen: how the network looks at frames.

    Raises:
        SettingsError: nothing says what makes an event, or a condition names a class that the
            model does not have, or that has no map, or can hold for no picture.
    """
    settings = camera.settings
    if not settings.when:
        of = f" of {camera.name}" if camera.name else ""
        raise SettingsError(
            f'nothing says what makes an event{of}: give --when, like --when "daisy > 0.8".'
        )
    if settings.min_length >= settings.max_length:
        raise SettingsError(
            f"--min-length {settings.min_length:g} must be below --max-length "
            f"{settings.max_length:g}."
        )
    look = Look.of(chosen.area, chosen.detail, chosen.place)
    rules = tuple(_rule(text, settings, labels, look) for text in dict.fromkeys(settings.when))
    return CameraPlan(
        camera.name, rules, settings.look_every, settings.before, settings.after, settings.keep
    )


def classes_of_plans(plans: Sequence[CameraPlan], labels: Labels, default: int) -> tuple[int, ...]:
    """Indices of all classes that are watched for, each once; `default` where none is named."""
    names = dict.fromkeys(name for plan in plans for name in plan.class_names)
    return tuple(labels.first_names.index(name) for name in names) or (default,)


def _rule(text: str, settings: WatchSettings, labels: Labels, look: Look) -> WatchRule:
    def usual_name(typed: str) -> str:
        try:
            return labels.first_names[labels.selectable_index_of(typed)]
        except SettingsError as error:
            raise SettingsError(f"--when {text!r}: {error}") from error

    expression = with_class_names(parse_condition(text), usual_name)
    if reason := why_never(expression, adds_up=look.has_one_window):
        raise SettingsError(f"--when {text!r} can never hold: {reason}.")
    return WatchRule.of(text, expression, settings.limits, settings.hysteresis)
