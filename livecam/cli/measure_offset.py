"""`livecam models measure`: the mirror test, where a model's maps lie against the evidence."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path

from livecam.assembly.judge_sources import SCENE, PicturesToJudge
from livecam.assembly.mirror_offsets import (
    LEAST_PICTURES,
    LEAST_PROBABILITY,
    MirrorOffsets,
    measure_mirror_offsets,
)
from livecam.assembly.open_model import OpenedModel, open_model
from livecam.cli.console import print_line, say
from livecam.cli.counting_bar import counted_on_terminal
from livecam.cli.stop_signals import Stopped, StopSignals
from livecam.cli.tables import print_table
from livecam.core.formatting import counted
from livecam.core.map_choices import Detail
from livecam.core.map_offset import Offset
from livecam.core.map_quality.mirror_test import MedianInterval, OffsetInterval
from livecam.core.network_size import Look
from livecam.core.printable_text import json_text, quoted
from livecam.errors import ModelError, SettingsError
from livecam.models.catalogue import spec_of
from livecam.models.model_spec import ModelSpec

NOTHING_MEASURED = 3
SCENE_PICTURES = 60
HEADINGS = ("class", "pictures", "x, px", "y, px", "y laid, px", "carried", "left")


@dataclass(frozen=True, slots=True)
class MeasureRequest:
    """What the command line asks for.

    Attributes:
        model: imagenet or flowers, or the path of a weights file for imagenet's network.
        alpha: of imagenet; None for its default.
        pictures: sources as typed; none for the daisy scene.
        detail: how finely the network looks.
        limit: so many pictures at most.
        as_json: whether to print JSON.
    """

    model: str
    alpha: float | None = None
    pictures: Sequence[str] = field(default_factory=tuple)
    detail: Detail = 1
    limit: int | None = None
    as_json: bool = False


def measure_offset(request: MeasureRequest) -> int:
    """Measure and print; gives the exit code. After Ctrl-C it prints what was measured so far.

    Raises:
        LivecamError: the model or the pictures cannot be used.
    """
    spec = _spec_of(request)
    limit = request.limit or (None if request.pictures else SCENE_PICTURES)
    pictures = PicturesToJudge(request.pictures or (SCENE,), say, limit=limit)
    with StopSignals() as signals:
        try:
            # Whatever fits the machine: the map is the same to a millionth.
            model = open_model(spec, say=say)
            signals.stop_asked()  # from here on a signal only sets the flag
            with counted_on_terminal("measured", pictures, lambda: pictures.count) as each:
                pictures_bgr = (picture.bgr for picture in each)
                until_stopped = takewhile(lambda _: not signals.stop_asked(), pictures_bgr)
                found = measure_mirror_offsets(model, until_stopped, Look(detail=request.detail))
        except Stopped:
            return signals.exit_code or 1
        signals.begin_closing()
        if found.over_all is not None:
            is_whole = signals.exit_code is None
            _report(model, request, found, found.over_all, is_whole=is_whole)
    if signals.exit_code:
        if found.over_all is None:
            say("stopped before anything was measured")
        return signals.exit_code
    if found.over_all is None and (found.pictures or not pictures.problem):
        say(
            f"none of {counted(found.pictures, 'picture')} is of a class of {spec.name} with a "
            f"probability of at least {LEAST_PROBABILITY:.0%}: give others with --pictures"
        )
    if pictures.problem:
        return pictures.problem.exit_code
    return NOTHING_MEASURED if found.over_all is None else 0


def _spec_of(request: MeasureRequest) -> ModelSpec:
    """The network by its name, that of a file, or imagenet's with the weights of a file."""
    if request.model in ("imagenet", "flowers"):
        return spec_of(request.model, request.alpha)
    file = Path(request.model)
    if not file.is_file():
        raise SettingsError(
            f"there is no model and no weights file {quoted(request.model)}: use imagenet, "
            "flowers or the path of a Keras weights file (.h5)."
        )
    if request.alpha is None:
        with suppress(ModelError):  # weights alone are imagenet's
            return spec_of(file)
    return spec_of("imagenet", request.alpha, file)


def _report(
    model: OpenedModel,
    request: MeasureRequest,
    found: MirrorOffsets,
    over_all: OffsetInterval,
    *,
    is_whole: bool,
) -> None:
    carried = model.spec.map_offset_px
    if request.as_json:
        document = {
            "model": model.spec.name,
            "alpha": model.spec.alpha,
            "detail": request.detail,
            "pictures": found.pictures,
            "whole": is_whole,
            "over_all": _as_json(over_all, carried, found.over_all_laid),
            "classes": {
                row.class_name: _as_json(row.interval, row.carried, row.down_laid)
                for row in found.classes
            },
        }
        print(json_text(document, indent=1))
        return
    rows = [_row(row.class_name, row.interval, row.carried, row.down_laid) for row in found.classes]
    rows.append(_row("all pictures", over_all, carried, found.over_all_laid))
    title = f"{model.spec.title}, detail {request.detail}"
    _print_rows(rows, title, input_px=224 * request.detail)
    ended = "" if is_whole else "; stopped before the end"
    print_line(
        f"{over_all.count} of {counted(found.pictures, 'picture')} are of a class with a "
        f"probability of at least {LEAST_PROBABILITY:.0%}; classes with fewer than "
        f"{LEAST_PICTURES} are in the last row alone{ended}"
    )


def _print_rows(rows: Sequence[tuple[str, ...]], title: str, *, input_px: int) -> None:
    """The table, between what its columns mean; `input_px` is the short side of the input."""
    print_line(
        f"{title}: how much further right (x) and down (y) "
        "the evidence lies than an even grid of cells says, in pixels of the network's input "
        f"({input_px} on the short side); median with its 95 % interval"
    )
    print_table(HEADINGS, rows)
    print_line(
        "y laid: of the pictures laid on their side in which the class is still as probable, whose "
        "number is behind it; where y is another one, such things are not the same upside down, "
        "and y laid is the offset"
    )


def _row(
    name: str, interval: OffsetInterval, carried: Offset, down_laid: MedianInterval | None
) -> tuple[str, ...]:
    x, y = (
        _with_interval(interval.median[axis], interval.low[axis], interval.high[axis])
        for axis in (0, 1)
    )
    laid = "none" if down_laid is None else _laid(down_laid)
    left = [median - has for median, has in zip(interval.median, carried, strict=True)]
    return (name, str(interval.count), x, y, laid, _pair(carried), _pair(left))


def _laid(of: MedianInterval) -> str:
    return _with_interval(of.median, of.low, of.high, f" of {of.count}")


def _with_interval(median: float, low: float, high: float, behind: str = "") -> str:
    return f"{median:.1f}{behind}\n[{low:.1f}, {high:.1f}]"


def _pair(values: Sequence[float]) -> str:
    return ", ".join(f"{value:.1f}" for value in values)


def _as_json(
    interval: OffsetInterval, carried: Offset, down_laid: MedianInterval | None
) -> dict[str, object]:
    return {
        "offset_px": interval.median,
        "low_px": interval.low,
        "high_px": interval.high,
        "pictures": interval.count,
        "carried_px": carried,
        "down_laid": None if down_laid is None else _laid_as_json(down_laid),
    }


def _laid_as_json(down_laid: MedianInterval) -> dict[str, object]:
    return {
        "offset_px": down_laid.median,
        "low_px": down_laid.low,
        "high_px": down_laid.high,
        "pictures": down_laid.count,
    }
