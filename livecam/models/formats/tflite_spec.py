"""A TensorFlow Lite classifier as a model: its file, with the features as output."""

import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from livecam.core.head import Head
from livecam.core.hidden_layers import kind_of_map
from livecam.core.network_size import InputSize
from livecam.errors import ModelError, SettingsError
from livecam.models.formats.head_folding import NoMapError, folded_head
from livecam.models.formats.keras_files import check_size
from livecam.models.formats.label_files import labels_for
from livecam.models.formats.layer_graph import unusable
from livecam.models.formats.preprocessing import PREPROCESSINGS, Preprocessing
from livecam.models.formats.tflite_edit import with_features
from livecam.models.formats.tflite_graph import (
    IDENTIFIER,
    IDENTIFIER_OFFSET,
    TFLiteGraph,
    cut,
)
from livecam.models.model_spec import ModelSpec
from livecam.models.network_options import NetworkOptions
from livecam.native.real_path import real_path

if TYPE_CHECKING:
    from livecam.models.feature_model import ConvertedNetwork, FeatureModel
    from livecam.models.int8_quantisation import Calibration

_VERSION = 1  # raise it when files are edited in another way: it is part of the cache key


@dataclass(frozen=True, kw_only=True)
class TFLiteSpec(ModelSpec):
    """A TensorFlow Lite classifier.

    Attributes:
        path: of the file.
        head: what follows its features.
        input_size: the one size that it takes.
        input_type: of its input: "FLOAT32", "UINT8" or "INT8".
        preprocessing: how it wants its pictures.
    """

    path: Path
    head: Head
    input_size: InputSize
    input_type: str
    preprocessing: Preprocessing
    is_for_litert_alone: bool = True

    @property
    def title(self) -> str:
        """The name of its file."""
        return real_path(self.path).name

    @property
    def facts(self) -> dict[str, str]:
        """What is known of the network, for the user."""
        side_px = self.input_size.side_px
        values = self.preprocessing
        return {
            "format": f"TensorFlow Lite file, {self.input_type.lower()}",
            "picture": f"{side_px} x {side_px}, {values.description} ({values.why})",
            "map": kind_of_map(self.approximate_because),
        }

    @property
    def approximate_because(self) -> str:
        """Why its maps are those of the gradient, in words; "" where they are exact."""
        return self.head.approximate_because

    def weights_path(self) -> Path:
        """The file."""
        return self.path

    def ensure_weights(self, say: Callable[[str], None]) -> Path:  # noqa: ARG002
        """The file, which is there."""
        return self.path

    def key_parts(self) -> dict[str, Any]:
        """What an export depends on besides the file."""
        return {"tflite": _VERSION, "preprocess": self.preprocessing.description}

    def build(self, weights: Path, *, float16: bool = False) -> "FeatureModel":  # noqa: ARG002
        """Nothing: TensorFlow does not run such files here."""
        raise ModelError(f"{weights} is for LiteRT: leave --engine tensorflow out.")

    def convert(
        self, weights: Path, calibration: "Calibration | None" = None
    ) -> "ConvertedNetwork":
        """The file with the features as its output; in its own precision."""
        from livecam.models.feature_model import ConvertedNetwork

        if calibration is not None:
            raise SettingsError(
                f"{weights} keeps its own precision ({self.input_type.lower()}): leave "
                "--precision int8 out."
            )
        graph = _parsed(weights)
        file = with_features(graph, cut(graph).features, self.preprocessing)
        return ConvertedNetwork(file, self.head, self.input_size)


def is_tflite(path: Path) -> bool:
    """Whether it begins as such files do."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(IDENTIFIER_OFFSET + 4)[IDENTIFIER_OFFSET:] == IDENTIFIER


def tflite_spec(path: Path, options: NetworkOptions) -> TFLiteSpec:
    """The model of such a file.

    Raises:
        ModelError: it is damaged, or has no map.
    """
    check_size(path, path.stat().st_size)
    graph = _parsed(path)
    try:
        found = cut(graph)
        _, rows, columns, channels = graph.shape(found.features)
        head, temperature = folded_head(found.steps, channels)
    except (NoMapError, ValueError) as error:
        raise unusable(path, f"{error}.") from error
    entry = int(graph.graph.inputs[0])
    shape, input_type = graph.shape(entry), graph.dtype(entry)
    if len(shape) != 4 or shape[3] != 3 or shape[1] != shape[2] or rows != columns:
        raise unusable(path, f"it takes {shape}, not one square picture of three colours.")
    if input_type not in ("FLOAT32", "UINT8", "INT8"):
        raise unusable(path, f"its pictures are {input_type}.")
    labels = labels_for(head.bias.size, options.labels, path, _packed_labels(path))
    return TFLiteSpec(
        str(path),
        labels,
        temperature=temperature,
        path=path,
        head=head,
        input_size=InputSize(shape[1], rows, is_fixed=True),
        input_type=input_type,
        preprocessing=_preprocessing(graph, entry, options),
    )


def _parsed(path: Path) -> TFLiteGraph:
    try:
        return TFLiteGraph.parsed(path.read_bytes())
    except NoMapError as error:
        raise unusable(path, f"{error}.") from error
    except ImportError as error:
        raise ModelError(f"LiteRT cannot be imported ({error}): pip install ai-edge-litert.") from (
            error
        )
    except Exception as error:  # the generated classes raise whatever a wrong offset leads to
        raise unusable(path, f"the file is damaged ({error}).") from error


def _packed_labels(path: Path) -> list[str]:
    """The names in a file of labels that is packed behind the network; none without one."""
    with suppress(zipfile.BadZipFile, OSError, UnicodeDecodeError):
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                texts = [name for name in archive.namelist() if name.endswith(".txt")]
                if texts:
                    lines = archive.read(texts[0]).decode("utf-8-sig").splitlines()
                    return [line.strip() for line in lines if line.strip()]
    return []


def _preprocessing(graph: TFLiteGraph, entry: int, options: NetworkOptions) -> Preprocessing:
    """As asked for; of a quantised file as it says itself; else -1 to 1, as most take it."""
    scales, zero_points = graph.quantisation(entry)
    if graph.dtype(entry) != "FLOAT32":
        if options.preprocess != "auto" or options.channel_order == "bgr":
            raise SettingsError(
                "--preprocess and --channel-order are not for a quantised file, which says itself "
                "what its pictures mean: leave them out."
            )
        scale, zero = (float(scales[0]), float(zero_points[0])) if scales.size else (1.0, 0.0)
        zero += 128 if graph.dtype(entry) == "INT8" else 0
        return Preprocessing("none", (scale,) * 3, (-scale * zero,) * 3, why="the file says so")
    if options.preprocess == "auto":
        why = "not known: assumed; --preprocess says otherwise"
        found = replace(PREPROCESSINGS["tf"], why=why)
    else:
        found = replace(PREPROCESSINGS[options.preprocess], why="as asked for")
    return replace(found, order=options.channel_order or found.order)
