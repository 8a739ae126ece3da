"""Changes of settings by the API, with the limits of the command line's flags."""

from typing import Annotated, Any, get_type_hints

from cyclopts import Parameter
from cyclopts.validators import Number
from pydantic import AfterValidator, ConfigDict, Field, create_model

from livecam.core.labels import is_auto
from livecam.settings.schema import (
    HeatSettings,
    MapSettings,
    WindowSettings,
)
from livecam.web.api.request_messages import RequestMessage


class SettingsMessage(RequestMessage):
    """Settings, named as in settings files."""

    model_config = ConfigDict(
        alias_generator=lambda name: name.rstrip("_").replace("_", "-"), populate_by_name=True
    )


def _setting_type(settings_type: type, name: str) -> Any:
    """The type of a setting with the limits that its command line flag has."""
    annotated = get_type_hints(settings_type, include_extras=True)[name]
    limited = get_type_hints(settings_type)[name]
    for parameter in annotated.__metadata__:
        assert isinstance(parameter, Parameter)  # noqa: S101
        for validator in parameter.validator:  # type: ignore[union-attr]
            limited = Annotated[limited, _limit_of(validator)]
    return limited | None


def _limit_of(validator: Any) -> Any:
    """A validator of cyclopts as one of pydantic."""
    if isinstance(validator, Number):
        limits: dict[str, Any] = {
            "gt": validator.gt, "ge": validator.gte, "lt": validator.lt, "le": validator.lte
        }  # fmt: skip
        return Field(**{name: limit for name, limit in limits.items() if limit is not None})

    def validate(value: Any) -> Any:
        validator(object, value)
        return value

    return AfterValidator(validate)


SettingsChange = create_model(
    "SettingsChange",
    __base__=SettingsMessage,
    __doc__="Settings to change; what is left out stays as it is.",
    class_=(Annotated[int, Field(ge=0)] | Annotated[str, Field(max_length=100)] | None, None),
    area=(_setting_type(MapSettings, "area"), None),
    detail=(_setting_type(MapSettings, "detail"), None),
    place=(_setting_type(MapSettings, "place"), None),
    interpolation=(_setting_type(HeatSettings, "interpolation"), None),
    view=(_setting_type(HeatSettings, "view"), None),
    colormap=(_setting_type(HeatSettings, "colormap"), None),
    opacity=(_setting_type(HeatSettings, "opacity"), None),
    act_max=(_setting_type(HeatSettings, "act_max"), None),
    gain=(_setting_type(HeatSettings, "gain"), None),
    mirror=(_setting_type(WindowSettings, "mirror"), None),
    overlay=(bool | None, None),
    boxes=(bool | None, None),
    figures=(bool | None, None),
    top_five=(bool | None, None),
    judged=(bool | None, None),
    help=(bool | None, None),
    paused=(bool | None, None),
)


def view_fields_of(change: Any, class_index: int | None) -> dict[str, Any]:
    """The fields of `core.view.View` that a SettingsChange sets.

    Args:
        change: a SettingsChange.
        class_index: index of its class; None where the class stays, or follows what is seen.
    """
    given = change.model_dump(exclude_none=True, by_alias=False)
    renamed = {"view": "style"}
    fields = {renamed.get(name, name): value for name, value in given.items()}
    fields.pop("class_", None)
    if is_auto(str(change.class_)):
        fields["follows"] = True
    elif class_index is not None:
        fields |= {"class_index": class_index, "follows": False}
    reference = fields.pop("act_max", None)
    if reference == "auto":
        fields["auto"] = True
    elif reference is not None:
        fields |= {"auto": False, "act_max": float(reference)}
    return fields
