"""The command `livecam models measure` with its arguments and help texts."""

from typing import Annotated

from cyclopts import Parameter

from livecam.cli.shared_flags import Alpha, AsJson, MostPictures, SeenDetail


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
    alpha: Alpha = None,
    detail: SeenDetail = 1,
    limit: MostPictures = None,
    as_json: AsJson = False,
) -> int:
    """Measure how far a model's maps lie from the evidence (the mirror test).

    The map of each picture is compared with that of the mirrored picture, mirrored back: half of
    what lies between them is the offset, by class and over all, with its interval. Each picture
    counts for the class that the model sees in it.
    """
    from livecam.cli.measure_offset import MeasureRequest, measure_offset

    return measure_offset(MeasureRequest(model, alpha, pictures, detail, limit, as_json=as_json))
