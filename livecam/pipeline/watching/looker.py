"""What the network says about a look: figures for the conditions, and the annotated picture."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from livecam.core.annotated_frame import AnnotatedFrame, RunStatus
from livecam.core.bounding_box import Box
from livecam.core.class_activation import FrameTiming, stats_of
from livecam.core.class_figures import ClassFigures
from livecam.core.conditions.evaluate import PictureFigures, values_of
from livecam.core.conditions.expression import OTHER
from livecam.core.figures_by_class import FiguresByClass
from livecam.core.object_finder import find_parts
from livecam.core.protocols import ActivationModel
from livecam.core.short_repr import ShortRepr
from livecam.core.types import Frame, InferenceResult
from livecam.core.view import View
from livecam.core.watching.watch_event import Strongest
from livecam.core.watching.watched_source import Look
from livecam.pipeline.annotate import annotate_frame, objects_in
from livecam.pipeline.class_maps import SeenArea, class_map_of, figures_of_classes
from livecam.pipeline.inference import Inference
from livecam.pipeline.watching.look_figures import FiguresOfClass, LookFigures


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LookedAt(ShortRepr):
    """A look and what the network said.

    Attributes:
        look: the picture.
        frame: the same, as other parts know it.
        result: where the network looked, and what it gave.
        classes: the figures of each class of the conditions.
        figures: what conditions ask for.
        written: what events write of it; it keeps no picture.
    """

    look: Look
    frame: Frame
    result: InferenceResult
    classes: FiguresByClass
    figures: PictureFigures
    written: LookFigures

    def standing_still(self, look: Look) -> "LookedAt":
        """The same for a look that shows the same picture."""
        at, time_s = look.at, look.time_s
        return replace(
            self, look=look, written=replace(self.written, at=at, time_s=time_s, is_still=True)
        )


class Looker:
    """Runs the network on the looks of one source."""

    def __init__(
        self, model: ActivationModel, view: View, classes: Sequence[int], title: str = ""
    ) -> None:
        """Prepare.

        Args:
            model: shared by all sources.
            view: how the network looks, and how maps are drawn.
            classes: indices of the classes of the conditions; not none.
            title: of the source, for the figures.
        """
        self._model, self._view = model, view
        self._classes, self._title = tuple(classes), title
        self._inference = Inference(model)
        self._inference.look = view.look
        self._index = 0

    def look_at(self, look: Look) -> LookedAt:
        """Ask the network."""
        # Looks are too far apart for one to go on with another: photographs.
        at = look.at
        frame = Frame(look.frame, self._index, look.time_s, taken_at=at, is_photograph=True)
        self._index += 1
        result = self._inference.result_for(frame)
        began_s = self._inference.clock() - result.took_s
        output, seen_area = result.network_output, self._seen_area(result)
        classes = figures_of_classes(self._model, output, self._classes, seen_area)
        latency_ms = 1000.0 * (self._inference.clock() - began_s)
        by_class = {
            name: self._written(frame, result, of, classes, latency_ms)
            for name, of in classes.items()
        }
        seen = next(iter(by_class.values())).stats.seen or OTHER
        values = {name: values_of(of) for name, of in classes.items()}
        written = LookFigures(frame.index, look.time_s, at, by_class)
        return LookedAt(look, frame, result, classes, PictureFigures(values, seen), written)

    def annotated(self, looked: LookedAt, class_index: int) -> AnnotatedFrame:
        """The picture with the map of a class, and all figures of a record."""
        view = replace(self._view, class_index=class_index)
        if len(self._classes) > 1:
            view = replace(view, measured=self._classes)
        status = RunStatus(at=looked.look.at, source=self._title)
        return annotate_frame(looked.frame, self._inference, view, status)

    def strongest(self, looked: LookedAt, figures: ClassFigures, into_s: float) -> Strongest:
        """What an event says of its strongest picture.

        Args:
            looked: the picture.
            figures: of the event's class in it.
            into_s: seconds from the beginning of the event's clip.
        """
        height, width = looked.look.frame.shape[:2]
        return Strongest(
            at=looked.look.at,
            into_s=into_s,
            probability=figures.probability,
            max=figures.maximum,
            mean=figures.mean,
            logit=figures.logit,
            seen=looked.figures.seen,
            centre=figures.centre,
            box=self._box(looked, figures),
            frame_size=(width, height),
        )

    def _written(
        self,
        frame: Frame,
        result: InferenceResult,
        figures: ClassFigures,
        classes: FiguresByClass,
        latency_ms: float,
    ) -> FiguresOfClass:
        """What events write of a class."""
        model, output = self._model, result.network_output
        shown = class_map_of(model, output, figures.class_index, self._seen_area(result))
        timing = FrameTiming(latency_ms=latency_ms)
        stats = stats_of(shown, model.labels, model.class_choices, timing)
        if len(self._classes) > 1:
            stats = replace(stats, measured=lambda: classes)
        objects = objects_in(frame, model, shown, self._view) if self._view.boxes else None
        return FiguresOfClass(stats, figures.grid, objects)

    def _box(
        self, looked: LookedAt, figures: ClassFigures
    ) -> tuple[float, float, float, float] | None:
        """Of the clearest thing in the map; where none stands out, of its strong part."""
        placement = figures.placed_in(looked.result.box)
        parts = find_parts(figures.grid, placement, self._model.blur_cells)
        if parts:
            box = parts[0].box
        elif figures.centre is not None and figures.extent is not None:
            (x, y), (width, height) = figures.centre, figures.extent
            box = Box(x - width / 2, y - height / 2, width, height)
        else:
            return None
        high, wide = looked.look.frame.shape[:2]
        inside = box.clipped(wide, high)
        return inside.left, inside.top, inside.width, inside.height

    def _seen_area(self, result: InferenceResult) -> SeenArea:
        return SeenArea(result.box, self._view.area, self._view.place)
