"""What each column of the figures means: for `livecam stats-columns` and for the documentation."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StatsColumn:
    """One field of a record of `--stats`, `--record-stats`, snapshots and the page's API.

    Attributes:
        name: in JSON.
        meaning: what it says, with its unit.
        when: what it needs to be there; "" where every record has it.
        in_csv: its columns in CSV, where they are others.
    """

    name: str
    meaning: str
    when: str = ""
    in_csv: str = ""


_PEAK_IN_CSV = "peak_row, peak_column"
_TIMED, _SEVERAL = "--timings", "--class given several times"

STATS_COLUMNS: tuple[StatsColumn, ...] = (
    StatsColumn("frame", "number of the frame, 0 for the first one"),
    StatsColumn("time_s", "the frame's own time in seconds since the first frame of the source"),
    StatsColumn("class", "the class whose map is shown and measured"),
    StatsColumn("max", "largest value of the map"),
    StatsColumn("mean", "mean of the map"),
    StatsColumn(
        "peak",
        "row and column of the largest cell, 0 0 at the top left; a cell, no place: centre is that",
        "",
        _PEAK_IN_CSV,
    ),
    StatsColumn(
        "centre",
        "where the evidence lies: x and y, in pixels of the frame from its top left corner, of the "
        "centre of the part of the map above half its maximum, where each point weighs as much as "
        "it is above that half; of several parts the one with the most evidence; null where the "
        "maximum is not above 0",
        "",
        "centre_x, centre_y",
    ),
    StatsColumn(
        "extent",
        "width and height of that part in pixels of the frame: the root of twelve times the "
        "variance, which is the size of an evenly filled rectangle; null without a centre",
        "",
        "extent_width, extent_height",
    ),
    StatsColumn("logit", "the class's logit: mean over the window + bias"),
    StatsColumn("probability", "softmax of the class over all classes of the model, 0 to 1"),
    StatsColumn(
        "window",
        "row and column of the first of the 7 by 7 cells that logit and probability are of: those "
        "with the largest mean; 0 0 of a map of 7 by 7",
        "",
        "window_row, window_column",
    ),
    StatsColumn("fps", "frames per second over the last frames; null for the first one"),
    StatsColumn("latency_ms", "milliseconds that the work on the frame took"),
    StatsColumn(
        "at",
        "wall-clock time at which the frame was taken, ISO 8601 with zone; of a clip or a "
        "photograph what its file says, of a photograph that names no zone the camera's clock "
        "without one; null where nobody knows",
    ),
    StatsColumn(
        "approximate",
        "true: the map is that of the gradient, as the network's head has no exact one",
        "a network whose map is approximate (livecam models FILE)",
    ),
    StatsColumn(
        "picture", "name of the picture's or the clip's file", "pictures, and clips of a folder"
    ),
    StatsColumn(
        "lost",
        "what is waited for; frame, time_s and at are all there is beside it",
        "--record-stats while a camera is lost",
    ),
    StatsColumn("seen", "the most probable class of all; null for something else", "--top"),
    StatsColumn(
        "sure",
        "false where seen is less probable than its model has to be sure (livecam models)",
        "--top",
    ),
    StatsColumn(
        "top",
        "the five most probable classes as pairs of name and probability; on a map of more than "
        "7 x 7 cells each in its best window, so that they may add up to more than 1",
        "--top",
        "top_1, top_1_probability to top_5_probability",
    ),
    StatsColumn(
        "age_ms", "milliseconds from the capture of the frame before to its appearance", _TIMED
    ),
    StatsColumn("model_ms", "the part of latency_ms that the network took", _TIMED),
    StatsColumn("source_fps", "frames per second that the source gave over the last ones", _TIMED),
    StatsColumn("model_fps", "frames per second that the network alone could do", _TIMED),
    StatsColumn("paint_fps", "frames per second that cropping and drawing alone could do", _TIMED),
    StatsColumn("encoder_fps", "frames per second that the recording alone could do", _TIMED),
    StatsColumn("screen_fps", "frames per second that window and page alone could do", _TIMED),
    StatsColumn("limit", 'what keeps the rate below what was asked; "" for nothing', _TIMED),
    StatsColumn("dropped_newer", "frames dropped so far: a newer one came before", _TIMED),
    StatsColumn("dropped_stale", "frames dropped so far: they came too late", _TIMED),
    StatsColumn("dropped_repeated", "frames dropped so far: the same picture again", _TIMED),
    StatsColumn("dropped_damaged", "frames dropped so far: they could not be decoded", _TIMED),
    StatsColumn(
        "objects",
        "the things found in the map: id, class, score from 0 to 1, and box [x, y, width, height] "
        "in pixels of the frame",
        "--boxes, or while b is on",
        "object_count, objects (the list as JSON)",
    ),
    StatsColumn(
        "grid",
        "the map, rows of activations, the top row first; 7 rows of 7 at --detail 1",
        "--grid",
        "grid_0_0 (top left) to grid_6_6; a map of another size than the first one is JSON in grid",
    ),
    StatsColumn(
        "classes",
        "for each chosen class by its name: max, mean, peak, centre, extent, logit, probability, "
        "window and, with --grid, grid",
        _SEVERAL,
        "NAME_max, NAME_mean, NAME_peak_row, ... NAME_grid_6_6",
    ),
)
"""In the order of a record."""
