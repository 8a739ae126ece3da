"""Judges pictures: opens what the command names, and runs every drawing of every picture."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from livecam.assembly.judge_sources import PictureToJudge
from livecam.assembly.open_model import OpenedModel
from livecam.core.class_activation import seen_or_best
from livecam.core.class_search import forms_of
from livecam.core.coco_boxes import CocoBoxes
from livecam.core.crop import network_view
from livecam.core.drawing import Drawing
from livecam.core.labels import Labels
from livecam.core.map_choices import Area, Detail, Place
from livecam.core.map_offset import offset_in
from livecam.core.map_quality.baselines import centre_box, random_map
from livecam.core.map_quality.metrics import MapScores, score_map
from livecam.core.map_quality.summary import CENTRE_BOX, RANDOM, JudgedPicture
from livecam.core.map_quality.truth import Truth, truth_in
from livecam.core.network_size import Look
from livecam.core.turned_mean import mean_of, turned, turned_back
from livecam.core.types import BgrImage, RgbImage
from livecam.errors import SettingsError
from livecam.pipeline.judging import (
    LookedAt,
    PlacedMap,
    placed_map,
    probability_in,
)


class JudgingStoppedError(Exception):
    """A signal asked to stop in the middle of a picture."""


@dataclass(frozen=True, slots=True, eq=False)
class PictureMaps:
    """The maps of a judged picture, by drawing and baseline, for those who draw them.

    Attributes:
        rgb: uint8 [height, width, 3], as the network saw it.
        placed: the maps in its pixels.
        truth: where the things are; None where that is not known.
    """

    rgb: dict[str, RgbImage]
    placed: dict[str, PlacedMap]
    truth: dict[str, Truth | None]

    def add(self, name: str, rgb: RgbImage, placed: PlacedMap, truth: Truth | None) -> None:
        """One map more."""
        self.rgb[name], self.placed[name], self.truth[name] = rgb, placed, truth


class PictureJudge:
    """Judges one picture after the other."""

    def __init__(
        self,
        model: OpenedModel,
        drawings: dict[str, Drawing],
        *,
        boxes: CocoBoxes | None = None,
        seed: int = 0,
        stop_asked: Callable[[], bool] = lambda: False,
    ) -> None:
        """Prepare.

        Args:
            model: the network.
            drawings: by the names that tables have for them; the first one is compared with the
                others.
            boxes: the truth of pictures that do not bring their own.
            seed: of the random maps.
            stop_asked: asked between two looks of the network.
        """
        self._model, self._drawings = model, drawings
        self._boxes, self._stop_asked = boxes, stop_asked
        self._rng = np.random.default_rng(seed)

    def judge(
        self, picture: PictureToJudge, class_index: int | None
    ) -> tuple[JudgedPicture, PictureMaps]:
        """All figures of one picture, and its maps.

        Args:
            picture: what is judged.
            class_index: whose map; None for that of the class that is seen.

        Raises:
            JudgingStoppedError: a signal came.
        """
        first, *_ = self._drawings.values()
        looked = self._look(picture.bgr, first.look)
        chosen = self._seen_in(looked) if class_index is None else class_index
        maps = self._maps(picture, chosen)
        scores: dict[str, MapScores] = {}
        for name, placed in maps.placed.items():
            scores[name] = score_map(
                maps.rgb[name],
                placed.heat,
                maps.truth[name],
                lambda rgb: self._probability(rgb, chosen),
                centre=placed.centre,
            )
        judged = JudgedPicture(
            picture.name,
            self._model.labels[chosen],
            probability_in(self._model, looked.output, chosen),
            has_truth=any(truth is not None for truth in maps.truth.values()),
            scores=scores,
        )
        return judged, maps

    def _maps(self, picture: PictureToJudge, class_index: int) -> PictureMaps:
        """The map of each drawing, then those of the baselines, at the first drawing's size."""
        maps = PictureMaps({}, {}, {})
        seen: dict[Look, tuple[LookedAt, Truth | None]] = {}
        for name, drawing in self._drawings.items():
            if drawing.look not in seen:
                looked = self._look(picture.bgr, drawing.look)
                truth = self._truth(picture, class_index, drawing.look, looked.rgb)
                seen[drawing.look] = looked, truth
            looked, truth = seen[drawing.look]
            maps.add(name, looked.rgb, self._placed(looked, class_index, drawing.place), truth)
        looked, truth = next(iter(seen.values()))
        height, width = looked.rgb.shape[:2]
        chance = random_map(height, width, self._rng)
        maps.add(CENTRE_BOX, looked.rgb, PlacedMap(centre_box(height, width)), truth)
        maps.add(RANDOM, looked.rgb, PlacedMap(chance), truth)
        return maps

    def _placed(self, looked: LookedAt, class_index: int, place: Place) -> PlacedMap:
        output = looked.output
        if place == "exact":
            output = mean_of(output, turned_back(self._model.infer(turned(looked.rgb))))
        activation = self._model.activation(output, class_index)
        offset_px = offset_in(place, activation.offset_px)
        return placed_map(activation.grid, looked.rgb, offset_px)

    def _look(self, bgr: BgrImage, look: Look) -> LookedAt:
        height, width = bgr.shape[:2]
        size_px = look.network_size_px(width, height, self._model.input_size)
        rgb = network_view(bgr, look.box_in(width, height), size_px)
        return LookedAt(rgb, self._model.infer(rgb))

    def _truth(
        self, picture: PictureToJudge, class_index: int, look: Look, rgb: RgbImage
    ) -> Truth | None:
        height, width = picture.bgr.shape[:2]
        boxes = picture.boxes
        if boxes is None and self._boxes is not None:
            names = self._model.spec.labels.names[class_index]
            boxes = self._boxes.boxes_of(picture.name, names, (width, height))
        if not boxes:
            return None
        size_px = rgb.shape[1], rgb.shape[0]
        return truth_in(boxes, look.box_in(width, height), size_px, picture.mask)

    def _probability(self, rgb: RgbImage, class_index: int) -> float:
        if self._stop_asked():
            raise JudgingStoppedError
        return probability_in(self._model, self._model.infer(rgb), class_index)

    def _seen_in(self, looked: LookedAt) -> int:
        return seen_or_best(looked.output, self._model.class_choices)


def drawings_of(
    places: Sequence[Place], details: Sequence[Detail], area: Area
) -> dict[str, Drawing]:
    """Every place at every detail, by a name that tells them apart."""
    drawings = {}
    for detail in dict.fromkeys(details):
        for place in dict.fromkeys(places):
            name = place if len(set(details)) == 1 else f"{place}, detail {detail}"
            drawings[name] = Drawing(Look(area, detail), place)
    return drawings


def class_by_folder(labels: Labels, folder: str) -> int | None:
    """The class that a folder is named after, also in the plural ("roses"); None where none is."""
    for name in forms_of(folder):
        with suppress(SettingsError):
            return labels.selectable_index_of(name)
    return None
