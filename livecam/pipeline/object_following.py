"""The things in a frame's map: found, scored, and followed from frame to frame."""

from livecam.core.bounding_box import box_of_crop
from livecam.core.class_map import ClassMap
from livecam.core.located_object import LocatedObject
from livecam.core.object_finder import FoundPart, find_parts
from livecam.core.object_tracker import KEEP_SCORE, ObjectTracker
from livecam.core.protocols import ActivationModel
from livecam.core.softmax import softmax
from livecam.core.types import FloatGrid, Frame, NetworkOutput
from livecam.core.view import View


class ObjectFollower:
    """Finds the things of one run, in the order of its frames.

    A frame that is drawn again, and one for which the network has not run, say nothing new. A frame
    that is looked at otherwise (another detail, say, while the picture stands still) shows at once
    what is found in it then. Another class begins anew, and so does another picture of a folder,
    whose things are counted from 1.
    """

    def __init__(self) -> None:
        """Nothing was seen yet."""
        self._tracker = ObjectTracker()
        self._frame: Frame | None = None
        self._shown: ClassMap | None = None

    def objects_in(
        self, frame: Frame, model: ActivationModel, shown: ClassMap, view: View
    ) -> tuple[LocatedObject, ...]:
        """The things in a frame, by number; () where the view does not ask for them.

        Args:
            frame: where they are.
            model: the network.
            shown: the map that is shown.
            view: whether it asks for boxes.
        """
        tracker, is_same_frame = self._tracker_for(frame, shown.class_index), frame is self._frame
        self._frame, known = frame, self._shown
        if not view.boxes:
            self._tracker, self._shown = ObjectTracker(last_id=tracker.last_id), None
            return ()
        if known is not None and known.is_same(shown) and tracker is self._tracker:
            return tracker.objects
        name = model.labels[shown.class_index]
        found = [
            located
            for part in find_parts(shown.grid, shown.placement, model.blur_cells)
            if (located := _located(part, shown, name)).score >= KEEP_SCORE
        ]
        searched = box_of_crop(shown.placement.box)
        after = tracker.looked_at_again if is_same_frame else tracker.after
        self._tracker, self._shown = after(found, frame.time_s, searched), shown
        return self._tracker.objects

    def _tracker_for(self, frame: Frame, class_index: int) -> ObjectTracker:
        before, known = self._frame, self._shown
        if before is None or frame.name != before.name:
            return ObjectTracker()
        if known is not None and known.class_index != class_index:
            return ObjectTracker(last_id=self._tracker.last_id)
        return self._tracker


def _located(part: FoundPart, shown: ClassMap, class_name: str) -> LocatedObject:
    """The thing with its score: how probable its class is there, times how clear it is."""
    probability = region_probability(shown.network_output, part.cells, shown.class_index)
    return LocatedObject(part.box, part.evidence * probability, class_name=class_name)


def region_probability(network_output: NetworkOutput, cells: FloatGrid, class_index: int) -> float:
    """The softmax of the classifier on the mean of these cells alone.

    Args:
        network_output: with a head that averages; else it is the probability in the whole frame.
        cells: float32 [rows, columns], how much each counts.
        class_index: of the class.
    """
    head = network_output.head
    if head is None or head.places is not None:
        return float(network_output.probabilities[class_index])
    weights = cells.reshape(-1) / cells.sum()
    mean = weights @ network_output.features.reshape(len(weights), -1)
    return float(softmax(head.logits(mean), network_output.temperature)[class_index])
