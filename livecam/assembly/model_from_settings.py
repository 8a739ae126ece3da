"""Loads the network that the settings name, while the window shows previews and handles keys."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2

from livecam.assembly.open_model import OpenedModel, open_model
from livecam.assembly.preflight import check_classes_have_maps
from livecam.core.labels import chosen_classes
from livecam.core.protocols import OpensSlowly, Source
from livecam.models.catalogue import ModelSpec, spec_of
from livecam.models.int8_quantisation import Calibration
from livecam.pipeline.startup import Startup
from livecam.settings.combinations import check_calibration_flag
from livecam.settings.schema import ModelSettings


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """What the settings say about the network; checked, nothing loaded yet.

    Attributes:
        spec: which network.
        classes: indices of the chosen classes.
        settings: engine, precision, threads and calibration.
    """

    spec: ModelSpec
    classes: tuple[int, ...]
    settings: ModelSettings


def choose_model(settings: ModelSettings) -> ModelChoice:
    """The network and the classes that the settings name.

    Raises:
        SettingsError: there is no such network or class, or the class has no activation map.
    """
    spec = spec_of(settings.model, settings.alpha, settings.weights)
    classes = chosen_classes(spec.labels, settings.classes)
    check_classes_have_maps(spec.labels, classes)
    return ModelChoice(spec, classes, settings)


def load_model(
    choice: ModelChoice, source: Source, startup: Startup, say: Callable[[str], None]
) -> OpenedModel:
    """Load it.

    Args:
        choice: from `choose_model`.
        source: opened; its previews are shown meanwhile.
        startup: shows them and handles the keys.
        say: receives a line about the engine, and about what takes long.

    Raises:
        LeftError: the user quit meanwhile.
        ModelError: weights or engine are missing or damaged.
        SettingsError: the engine does not have the precision, or the calibration has no pictures.
    """
    settings, calibration = choice.settings, _calibration(choice.settings, say)
    # The cores are for network and encoder: OpenCV's own threads beside theirs cost a camera's
    # frame a tenth more processor time and gain nothing (at 4K it would be 4 ms younger).
    cv2.setNumThreads(1)
    return startup.run_task(
        lambda: open_model(
            choice.spec,
            engine=settings.engine,
            precision=settings.precision,
            threads=settings.threads,
            calibration=calibration,
            say=say,
        ),
        "loading the model",
        source.preview if isinstance(source, OpensSlowly) else lambda: None,
    )


def _calibration(settings: ModelSettings, say: Callable[[str], None]) -> Calibration | None:
    """The pictures for int8; None for other precisions, which must not name a folder."""
    check_calibration_flag(settings)
    if settings.precision != "int8":
        return None
    from livecam.assembly.calibration import calibration_of

    return calibration_of(settings.calibration, say)
