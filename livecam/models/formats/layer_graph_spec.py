"""A network of layers (Keras, TensorFlow.js) as a model: cut before its pooling, at any size."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from livecam.core.hidden_layers import kind_of_map
from livecam.core.types import NETWORK_SIDE_PX
from livecam.models.formats.head_folding import NoMapError
from livecam.models.formats.head_layers import HeadLayers, cut
from livecam.models.formats.keras_layers import layers_before, refusal_of
from livecam.models.formats.label_files import labels_for
from livecam.models.formats.layer_graph import NetworkFile, unusable
from livecam.models.formats.preprocessing import Preprocessing, preprocessing_of
from livecam.models.model_spec import ModelSpec
from livecam.models.network_options import NetworkOptions
from livecam.native.real_path import real_path

if TYPE_CHECKING:
    from livecam.models.feature_model import FeatureModel

_VERSION = 1  # raise it when other graphs are built: it is part of the cache key


@dataclass(frozen=True, slots=True)
class CutNetwork:
    """A network of layers, what it holds and how it is used.

    Attributes:
        file: what its file holds.
        head: where it is cut.
        preprocessing: how it wants its pictures.
        side_px: of the picture that it was trained at.
    """

    file: NetworkFile
    head: HeadLayers
    preprocessing: Preprocessing
    side_px: int


@dataclass(frozen=True, kw_only=True)
class LayerGraphSpec(ModelSpec):
    """A network of layers as a model."""

    network: CutNetwork

    @property
    def title(self) -> str:
        """The name of its file."""
        return real_path(self.network.file.path).name

    @property
    def facts(self) -> dict[str, str]:
        """What is known of the network, for the user."""
        network = self.network
        layers = network.file.graph.layers
        pooled = "flattened" if network.head.flattens else "averaged"
        return {
            "format": network.file.format_name,
            "layers": f"{len(layers)}, the features of {network.head.features} are {pooled}",
            "picture": f"{network.side_px} x {network.side_px}, {network.preprocessing.description}"
            f" ({network.preprocessing.why})",
            "map": kind_of_map(self.approximate_because),
        }

    @property
    def approximate_because(self) -> str:
        """Why its maps are those of the gradient, in words; "" where they are exact."""
        return self.network.head.approximate_because

    def weights_path(self) -> Path:
        """The file of its weights."""
        return self.network.file.weights_path

    def ensure_weights(self, say: Callable[[str], None]) -> Path:  # noqa: ARG002
        """The file of its weights, which is there."""
        return self.network.file.weights_path

    def key_parts(self) -> dict[str, Any]:
        """What an export depends on besides the weights."""
        network = self.network
        return {
            "layers": _VERSION,
            "structure": network.file.structure_key,
            "preprocess": network.preprocessing.description,
            "side": network.side_px,
        }

    def build(self, weights: Path, *, float16: bool = False) -> "FeatureModel":  # noqa: ARG002
        """The network up to its features, built of Keras's layers."""
        from livecam.models.formats.layer_graph_model import build_feature_model

        return build_feature_model(self.network, float16=float16)


def layer_graph_spec(name: str, file: NetworkFile, options: NetworkOptions) -> LayerGraphSpec:
    """The model of a network of layers.

    Args:
        name: as `--model` spells it.
        file: what its file holds.
        options: what the user says about it.

    Raises:
        ModelError: it has no map, or a layer that is not known.
    """
    graph = file.graph
    try:
        head = cut(graph)
    except NoMapError as error:
        raise unusable(file.path, f"{error}.") from error
    for layer in layers_before(graph, head.features):
        refusal = refusal_of(layer, is_keras_2=graph.is_keras_2)
        if refusal:
            raise unusable(file.path, f"{refusal}.")
    network = CutNetwork(
        file,
        head,
        preprocessing_of(file, options.preprocess, options.channel_order),
        options.input_size_px or graph.input_side_px or NETWORK_SIDE_PX,
    )
    labels = labels_for(head.classes, options.labels, file.path, file.label_names)
    temperature = 2.0 if head.units == 1 else 1.0
    return LayerGraphSpec(name, labels, temperature=temperature, network=network)
