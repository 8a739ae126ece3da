"""What `livecam find --like` compares with: the features of a picture or of an archived look."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from livecam.assembly.measure_options import MeasureOptions
from livecam.assembly.measure_segment import measure_pictures
from livecam.assembly.model_from_settings import choose_model
from livecam.assembly.packed_model import PackedModel, model_identity, pack_model
from livecam.core.printable_text import printable
from livecam.errors import SettingsError, SourceError
from livecam.settings.schema import MapSettings, ModelSettings
from livecam.sources.archive.likeness import check_features, features_of_look
from livecam.sources.archive.opened_archive import OpenedArchive

_BUILT_IN = frozenset({"imagenet", "flowers"})
_LOOK = re.compile(r"(?P<clip>.+)@(?P<seconds>\d+(\.\d+)?)s?")


def features_like(
    text: str, archive: OpenedArchive, model: ModelSettings, say: Callable[[str], None]
) -> npt.NDArray[np.float32]:
    """The features that looks are compared with: float32 [channels].

    Args:
        text: a picture's file, or CLIP@SECONDS of the archive.
        archive: with features.
        model: where the network lies, if it is one of somebody's own.
        say: gets a line about the engine.

    Raises:
        SettingsError: the archive has no features or no such clip, or was made by another network.
        SourceError: the picture cannot be read.
        ModelError: the network cannot be opened.
    """
    check_features(archive)
    path, look = Path(text), _LOOK.fullmatch(text)
    if look is not None and not path.exists():
        return features_of_look(archive, look["clip"], float(look["seconds"]))
    return _features_of_picture(path, archive.about, model, say)


def _features_of_picture(
    path: Path, about: Mapping[str, Any], model: ModelSettings, say: Callable[[str], None]
) -> npt.NDArray[np.float32]:
    packed = pack_model(choose_model(_model_of(about, model)), say)
    _check_network(packed, about)
    chosen = {name: about[name] for name in ("area", "detail", "place") if name in about}
    options = MeasureOptions((0,), MapSettings(**chosen), features=True)
    looked = measure_pictures(packed.open(1), {0: path}, options)
    if not looked.rows:
        raise SourceError(
            f"--like {printable(str(path))}: {looked.problems.get(0, 'there is no picture in it')}"
        )
    features = looked.rows[0].features
    assert features is not None  # noqa: S101  (they were asked for)
    return np.asarray(features, np.float32)


def _model_of(about: Mapping[str, Any], model: ModelSettings) -> ModelSettings:
    """The network that the archive was made with, as settings."""
    known = about.get("model")
    known = known if isinstance(known, Mapping) else {}
    name, network = known.get("name"), known.get("network")
    if name not in _BUILT_IN or model.model != ModelSettings().model:
        return model
    alpha = network.get("alpha") if isinstance(network, Mapping) else None
    return replace(
        model,
        model=name,
        alpha=alpha if name == "imagenet" else model.alpha,
        classes=("daisy",) if model.classes is None else model.classes,
    )


def _check_network(packed: PackedModel, about: Mapping[str, Any]) -> None:
    """Raise SettingsError where this is another network than the archive's."""
    known = about.get("model")
    ours = json.loads(json.dumps(model_identity(packed), default=str))
    decisive = ("weights", "network")
    if isinstance(known, Mapping) and any(known.get(key) != ours[key] for key in decisive):
        raise SettingsError(
            f"the archive was measured with {printable(str(about.get('title')), 100)}, not with "
            f"{packed.spec.title}: name its network with --model."
        )
