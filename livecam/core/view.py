"""What is shown and how: the state that keys and the page change."""

from dataclasses import dataclass, field

from livecam.core.class_entry import ClassEntry
from livecam.core.map_choices import Area, Detail, Place
from livecam.core.map_scale import USUAL_ACT_MAX, fitted_gain
from livecam.core.network_size import Look


@dataclass(frozen=True, slots=True)
class View:
    """What the user chose to see; keys lead from one view to the next (key_bindings.py).

    Of all this only area, detail and the exact place reach the network: toggles change the drawing,
    the numbers keep flowing.

    Attributes:
        area: which part of the frame the network sees: "square" or "frame", all of it.
        detail: how finely: 1, 2 or 3 times 224 pixels on the shorter side.
        place: where the map is drawn: "measured", at the model's offset; "exact", as the mean with
            the picture turned by 180 degrees; "page", as if every cell lay in its own pixels.
        class_index: the class whose map is shown.
        class_cycle: the classes that `n` and `p` walk through.
        follows: whether the class follows what is seen, among those of the cycle; a class that is
            chosen ends that.
        measured: the classes whose figures every record has; () for the shown one alone.
        interpolation: "bilinear" or "nearest".
        style: "colour" (colour map blended in), "brightness" (the picture multiplied) or "pair"
            (the class in magenta, the next one in green).
        colormap: a name of heat_overlay.COLORMAPS.
        opacity: 0 shows the picture alone, 1 the colours alone.
        act_max: the fixed reference of the brightness.
        auto: take each frame's own maximum as the reference instead of `act_max`.
        gain: the factor in exp(gain * (A - ref)).
        gain_is_relative: whether that factor is `gain * 36 / ref`, for maps of another scale.
        overlay: whether heat is drawn at all.
        boxes: whether the things in the map are found, followed and drawn with a box.
        figures: whether screens show the figures and the colour bar.
        top_five: whether screens show the five most probable classes.
        record_figures: whether what is recorded or saved has the figures and the colour bar.
        record_top: whether it has the five most probable classes.
        record_clock: whether it has the date and time of the frame.
        mirror: whether the picture is flipped left to right before the text is drawn.
        judged: whether the frame that was shown then is judged, and its curves shown.
        help: whether a window shows the table of keys.
        class_keys: the classes that are taught, behind their keys, for the table of keys.
        class_entry: the name of a class that is being typed in a window; None for none.
        fullscreen: whether the window fills the screen.
        paused: whether the source is held.
        recording: whether frames go to the recorder.
        snapshots: how many annotated pictures were asked for so far.
        clean_snapshots: how many clean pictures with their numbers were asked for so far.
        is_seekable: whether the source can be played from another place: a clip, a folder.
        seek_steps: the steps forward that were asked for so far, less those back.
        frame_steps: the same in single frames.
        speed: of playing; 1 is the source's own.
        loop: whether the source begins again at its end.
        leaving: whether the user asked to quit.
    """

    class_index: int
    class_cycle: tuple[int, ...]
    area: Area = "square"
    detail: Detail = 1
    place: Place = "measured"
    follows: bool = False
    measured: tuple[int, ...] = ()
    interpolation: str = "bilinear"
    style: str = "colour"
    colormap: str = "inferno"
    opacity: float = 0.5
    act_max: float = USUAL_ACT_MAX
    auto: bool = False
    gain: float = 0.1
    gain_is_relative: bool = field(default=False, repr=False)
    overlay: bool = True
    boxes: bool = False
    figures: bool = True
    top_five: bool = False
    record_figures: bool = True
    record_top: bool = False
    record_clock: bool = False
    mirror: bool = False
    judged: bool = False
    help: bool = False
    class_keys: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    class_entry: ClassEntry | None = field(default=None, repr=False)
    fullscreen: bool = False
    paused: bool = False
    recording: bool = False
    snapshots: int = field(default=0, repr=False)
    clean_snapshots: int = field(default=0, repr=False)
    is_seekable: bool = False
    seek_steps: int = field(default=0, repr=False)
    frame_steps: int = field(default=0, repr=False)
    speed: float = 1.0
    loop: bool = False
    leaving: bool = False

    @property
    def second_class(self) -> int | None:
        """The class that a pair has beside `class_index`: the one that `n` leads to; else None."""
        cycle = self.class_cycle
        if self.style != "pair" or not cycle:
            return None
        place = cycle.index(self.class_index) + 1 if self.class_index in cycle else 0
        second = cycle[place % len(cycle)]
        return None if second == self.class_index else second

    def gain_at(self, reference: float) -> float:
        """The factor in exp(factor * (A - reference)), where this activation is fully bright."""
        return fitted_gain(self.gain, reference) if self.gain_is_relative else self.gain

    @property
    def look(self) -> Look:
        """What the network sees of a frame."""
        return Look.of(self.area, self.detail, self.place)
