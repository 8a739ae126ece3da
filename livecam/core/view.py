"""What is shown and how: the state that keys and the page change."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class View:
    """What the user chose to see; keys lead from one view to the next (key_bindings.py).

    Nothing in here reaches the network: toggles change the drawing, the numbers keep flowing.

    Attributes:
        class_index: the class whose map is shown.
        class_cycle: the classes that `n` and `p` walk through.
        interpolation: "bilinear" or "nearest".
        style: "colour" (colour map blended in) or "brightness" (the picture multiplied).
        colormap: a name of heat_overlay.COLORMAPS.
        opacity: 0 shows the picture alone, 1 the colours alone.
        act_max: the fixed reference of the brightness.
        auto: take each frame's own maximum as the reference instead of `act_max`.
        gain: the factor in exp(gain * (A - ref)).
        overlay: whether heat is drawn at all.
        figures: whether the figures are drawn.
        top_five: whether the five most probable classes are drawn.
        mirror: whether the picture is flipped left to right before the text is drawn.
        help: whether the table of keys is drawn.
        fullscreen: whether the window fills the screen.
        paused: whether the source is held.
        recording: whether frames go to the recorder.
        snapshots: how many annotated pictures were asked for so far.
        clean_snapshots: how many clean pictures with their numbers were asked for so far.
        leaving: whether the user asked to quit.
    """

    class_index: int
    class_cycle: tuple[int, ...]
    interpolation: str = "bilinear"
    style: str = "colour"
    colormap: str = "inferno"
    opacity: float = 0.5
    act_max: float = 36.0
    auto: bool = False
    gain: float = 0.1
    overlay: bool = True
    figures: bool = True
    top_five: bool = False
    mirror: bool = False
    help: bool = False
    fullscreen: bool = False
    paused: bool = False
    recording: bool = False
    snapshots: int = 0
    clean_snapshots: int = 0
    leaving: bool = False
