"""Loads the network that the settings name, while the window shows previews and handles keys."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2

from livecam.assembly.open_model import OpenedModel, open_model
from livecam.assembly.preflight import check_classes_have_maps
from livecam.core.labels import FEW_CLASSES, chosen_classes, is_auto
from livecam.core.protocols import OpensSlowly, Source
from livecam.errors import SettingsError
from livecam.models.catalogue import spec_of
from livecam.models.model_spec import ModelSpec
from livecam.models.network_options import NetworkOptions
from livecam.pipeline.opening_progress import OpeningProgress
from livecam.settings.combinations import check_calibration_flag
from livecam.settings.schema import ModelSettings

if TYPE_CHECKING:  # float32 does without
    from livecam.models.int8_quantisation import Calibration


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """What the settings say about the network; checked, nothing loaded yet.

    Attributes:
        spec: which network.
        classes: indices of the chosen classes.
        follows: whether the class follows what is seen.
        settings: those of the model, with the classes that were chosen.
    """

    spec: ModelSpec
    classes: tuple[int, ...]
    follows: bool
    settings: ModelSettings


def choose_model(settings: ModelSettings) -> ModelChoice:
    """The network and the classes that the settings name.

    Raises:
        SettingsError: there is no such network or class, or the class has no activation map.
    """
    spec = spec_of(
        settings.model,
        settings.alpha,
        settings.weights,
        NetworkOptions(
            settings.labels, settings.preprocess, settings.channel_order, settings.input_size
        ),
    )
    wanted = settings.classes or (spec.default_class,)
    try:
        classes = chosen_classes(spec.labels, wanted)
    except SettingsError as error:
        if len(spec.labels.names) <= FEW_CLASSES:  # the error names all of them
            raise
        raise SettingsError(f"{error} 'livecam classes' lists all, and searches.") from error
    check_classes_have_maps(spec.labels, classes)
    named = replace(settings, classes=wanted)
    return ModelChoice(spec, classes, any(map(is_auto, wanted)), named)


def load_model(
    choice: ModelChoice, source: Source, opening: OpeningProgress, say: Callable[[str], None]
) -> OpenedModel:
    """Load it.

    Args:
        choice: from `choose_model`.
        source: opened; its previews are shown meanwhile.
        opening: shows them and handles the keys.
        say: receives a line about the engine, and about what takes long.

    Raises:
        LeftError: the user quit meanwhile.
        ModelError: weights or engine are missing or damaged.
        SettingsError: the engine does not have the precision, or the calibration has no pictures.
    """
    make = _opener(choice, say)
    return opening.run_task(
        make,
        opening_words(choice.spec),
        source.preview if isinstance(source, OpensSlowly) else lambda: None,
    )


def opening_words(spec: ModelSpec) -> str:
    """What is done meanwhile, for the window and the page: a download may take minutes."""
    is_missing = spec.can_be_fetched and not os.path.exists(spec.weights_path())  # noqa: PTH110
    return "fetching the model, first use only" if is_missing else "loading the model"


def open_chosen_model(choice: ModelChoice, say: Callable[[str], None]) -> OpenedModel:
    """Load it without a source: for commands that look at pictures one by one.

    Raises:
        ModelError: weights or engine are missing or damaged.
        SettingsError: the engine does not have the precision, or the calibration has no pictures.
    """
    return _opener(choice, say)()


def _opener(choice: ModelChoice, say: Callable[[str], None]) -> Callable[[], OpenedModel]:
    """What loads it, in whatever thread; wrong settings are found at once."""
    settings, calibration = choice.settings, _calibration(choice.settings, say)
    # The cores are for network and encoder: OpenCV's own threads beside theirs cost a camera's
    # frame a tenth more processor time and gain nothing (at 4K it would be 4 ms younger).
    cv2.setNumThreads(1)
    return lambda: open_model(
        choice.spec,
        engine=settings.engine,
        precision=settings.precision,
        threads=settings.threads,
        calibration=calibration,
        say=say,
    )


def _calibration(settings: ModelSettings, say: Callable[[str], None]) -> "Calibration | None":
    """The pictures for int8; None for other precisions, which must not name a folder."""
    check_calibration_flag(settings)
    if settings.precision != "int8":
        return None
    from livecam.assembly.calibration import calibration_of

    return calibration_of(settings.calibration, say)
