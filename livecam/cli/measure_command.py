"""The command `livecam models measure` with its arguments and help texts."""

from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from livecam.core.map_choices import Detail


def measure_offset_of_model(
    model: Annotated[
        str, Parameter(help="imagenet, flowers, or a Keras weights file (.h5) for imagenet.")
    ],
    /,
    *,
    pictures: Annotated[
        tuple[str, ...],
        Parameter(
            negative="",
            show_default=False,
            help="Pictures, folder, glob or clip; repeatable. Without it, the daisy scene.",
        ),
    ] = (),
    alpha: Annotated[float | None, Parameter(help="1.0, 0.75, 0.5 or 0.25.")] = None,
    detail: Annotated[Detail, Parameter(help="224, 448 or 672 pixels on the short side.")] = 1,
    limit: Annotated[
        int | None,
        Parameter(validator=Number(gte=1), help="So many pictures at most, evenly chosen."),
    ] = None,
    as_json: Annotated[
        bool, Parameter(name="--json", help="Print JSON, for programs.", negative="")
    ] = False,
) -> int:
    """Measure how far a model's maps lie from the evidence (the mirror test).

    The map of each picture is compared with that of the mirrored picture, mirrored back: half of
    what lies between them is the offset, by class and over all, with its interval. Each picture
    counts for the class that the model sees in it.
    """
    from livecam.cli.measure_offset import MeasureRequest, measure_offset

    return measure_offset(MeasureRequest(model, alpha, pictures, detail, limit, as_json=as_json))
