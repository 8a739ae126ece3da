"""Reads the structure that Keras 2, Keras 3 and TensorFlow.js write as JSON.

Networks inside of networks are flattened. Nothing is handed to Keras here: only layers of a known
kind are ever built, from settings that are known (models/formats/keras_layers.py).
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from livecam.models.formats.layer_graph import Layer, LayerGraph, Operand, lack_of

NETWORKS = ("Functional", "Model", "Sequential")


class StructureError(Exception):
    """The structure is no network of one picture and one output; the text says why."""


def read_graph(document: Mapping[str, Any], *, is_keras_2: bool = False) -> LayerGraph:
    """The layers of a network.

    Args:
        document: of a network: `class_name` and `config`.
        is_keras_2: whether Keras 2 wrote it.

    Raises:
        StructureError: it is no such network.
    """
    try:
        reader = _Reader()
        output = reader.network(document, (), "", None)
        return reader.graph(output, is_keras_2=is_keras_2)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError) as error:
        raise StructureError(f"its structure cannot be read ({lack_of(error)})") from error


class _Reader:
    """Collects the layers of a network and of those inside of it."""

    def __init__(self) -> None:
        self.layers: dict[str, Layer] = {}
        self.names: list[str] = []
        self.inputs: list[Layer] = []
        self.shapes: list[Sequence[int | None]] = []

    def network(
        self, document: Mapping[str, Any], path: tuple[str, ...], slot: str, given: str | None
    ) -> str:
        """Add the layers of a network whose input is `given`; gives the name of its output."""
        kind = document["class_name"]
        if kind not in NETWORKS:
            raise StructureError(f"it holds a {kind}, not a network of layers")
        config = document["config"]
        if isinstance(config, list):  # as Keras 2.0 and TensorFlow.js write a Sequential
            config = {"layers": config}
        self.names.append(str(config.get("name", "")))
        shape = config.get("batch_input_shape") or config.get("batch_shape")
        if shape:
            self.shapes.append(shape)
        read = self._sequence if kind == "Sequential" else self._functional
        return read(config, path, slot, given)

    def _sequence(
        self, config: Mapping[str, Any], path: tuple[str, ...], slot: str, given: str | None
    ) -> str:
        slots, current = _Slots(slot), given
        for document in config["layers"]:
            name = _name_of(document)
            if document["class_name"] == "InputLayer":
                if current is None:
                    current = self._input(document, (*path, name))
                continue
            if current is None and document["class_name"] not in NETWORKS:
                current = self._input(document, (*path, f"input of {name}"))
            current = self._add(document, (*path, name), slots, [current])
        if current is None:
            raise StructureError("it has no layers")
        return current

    def _functional(
        self, config: Mapping[str, Any], path: tuple[str, ...], slot: str, given: str | None
    ) -> str:
        slots, outputs = _Slots(slot), {}
        (entry,) = _one(config["input_layers"], "inputs")
        for document in config["layers"]:
            name = _name_of(document)
            if document["class_name"] == "InputLayer":
                if name != entry:
                    raise StructureError("it takes several inputs, not one picture")
                slots.next("InputLayer")
                outputs[name] = given or self._input(document, (*path, name))
                continue
            calls = document["inbound_nodes"]
            if len(calls) != 1 and not _is_flat(calls):
                raise StructureError(f"its layer {name} is used {len(calls)} times")
            operands = [
                outputs[operand] if isinstance(operand, str) else operand
                for operand in _operands(calls)
            ]
            outputs[name] = self._add(document, (*path, name), slots, operands)
        (last,) = _one(config["output_layers"], "outputs")
        return outputs[last]

    def _add(
        self,
        document: Mapping[str, Any],
        path: tuple[str, ...],
        slots: "_Slots",
        operands: Sequence[Operand | None],
    ) -> str:
        kind, config = document["class_name"], document["config"]
        if kind in NETWORKS:
            (given,) = operands
            slot = slots.next(kind)
            return self.network(document, path, slot, None if given is None else str(given))
        known = tuple(operand for operand in operands if operand is not None)
        is_operation = str(document.get("module", "")).startswith("keras.src.ops")
        slot = "" if is_operation else slots.next(kind)
        activation = _activation_of_operation(kind, config) if is_operation else ""
        if activation:
            kind, config = "Activation", {"activation": activation}
        layer = Layer(path, kind, config, known, slot)
        if layer.name in self.layers:
            raise StructureError(f"it has two layers called {layer.name}")
        self.layers[layer.name] = layer
        return layer.name

    def _input(self, document: Mapping[str, Any], path: tuple[str, ...]) -> str:
        config = document["config"]
        layer = Layer(path, "InputLayer")
        shape = config.get("batch_shape") or config.get("batch_input_shape")
        if shape:
            self.shapes.insert(0, shape)
        self.inputs.append(layer)
        self.layers[layer.name] = layer
        return layer.name

    def graph(self, output: str, *, is_keras_2: bool) -> LayerGraph:
        """What was collected."""
        if len(self.inputs) != 1:
            raise StructureError(f"it takes {len(self.inputs)} inputs, not one picture")
        side_px = _side_of(self.shapes[0]) if self.shapes else None
        names = tuple(name for name in self.names if name)
        return LayerGraph(
            self.layers, self.inputs[0].name, output, side_px, names, is_keras_2=is_keras_2
        )


_OPERATIONS: dict[str, tuple[str, Mapping[str, Any]]] = {
    "Relu": ("relu", {}),
    "Relu6": ("relu6", {}),
    "LeakyRelu": ("leaky_relu", {"negative_slope": 0.2}),
    "Elu": ("elu", {"alpha": 1.0}),
    "Selu": ("selu", {}),
    "Gelu": ("gelu", {"approximate": False}),
    "Silu": ("silu", {}),
    "HardSilu": ("hard_silu", {}),
    "Sigmoid": ("sigmoid", {}),
    "HardSigmoid": ("hard_sigmoid", {}),
    "Tanh": ("tanh", {}),
    "Softplus": ("softplus", {}),
    "Softsign": ("softsign", {}),
    "Softmax": ("softmax", {"axis": -1}),
}
"""Keras 3's functions that are an activation each, with the arguments that an activation has."""


def _activation_of_operation(kind: str, config: Mapping[str, Any]) -> str:
    """The activation that a function is, `keras.activations.silu(x)`; "" where it is none."""
    name, usual = _OPERATIONS.get(kind, ("", {}))
    is_usual = all(config.get(key, value) == value for key, value in usual.items())
    return name if is_usual else ""


class _Slots:
    """Names under which Keras 3 keeps the weights of layers: by kind, counted."""

    def __init__(self, outer: str) -> None:
        self._outer, self._count = outer, dict[str, int]()

    def next(self, kind: str) -> str:
        """Of one layer more, of this kind."""
        name = re.sub(r"([a-z])([A-Z])", r"\1_\2", re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", kind))
        name = name.lower()
        number = self._count[name] = self._count.get(name, -1) + 1
        return f"{self._outer}layers/{name}{f'_{number}' if number else ''}/"


def _name_of(document: Mapping[str, Any]) -> str:
    config = document["config"]
    own = config.get("name") if isinstance(config, Mapping) else None
    return str(document.get("name") or own or document["class_name"])


def _one(found: Any, what: str) -> tuple[str]:
    """The name of the only input or output; they are one, or a list of one: ["x", 0, 0]."""
    if len(found) == 3 and isinstance(found[0], str):
        return (found[0],)
    if len(found) != 1:
        raise StructureError(f"it has {len(found)} {what}, not one")
    return (str(found[0][0]),)


def _is_flat(calls: Sequence[Any]) -> bool:
    """Whether this is one call whose operands stand in no list: [["x", 0, 0, {}]]."""
    return bool(calls) and isinstance(calls[0], list) and isinstance(calls[0][0], str)


def _operands(calls: Any) -> list[Operand]:
    """Names of layers and numbers that a layer is called with."""
    if isinstance(calls[0], Mapping):  # Keras 3
        found: list[Operand] = []
        _collect(calls[0]["args"], found)
        return found
    call = calls if _is_flat(calls) else calls[0]
    found = []
    for name, _, _, more in ((*entry, {})[:4] for entry in call):
        found.append(name)
        other = more.get("y") if isinstance(more, Mapping) else None
        if isinstance(other, int | float):  # `x / 127.5` as TensorFlow's Keras 2 writes it
            found.append(float(other))
        elif isinstance(other, list):  # `x + y`
            found.append(str(other[0]))
    return found


def _collect(value: Any, found: list[Operand]) -> None:
    if isinstance(value, Mapping):
        history = value.get("config", {}).get("keras_history")
        if history is None:
            raise StructureError("it holds a constant that is no number")
        found.append(str(history[0]))
    elif isinstance(value, list):
        for part in value:
            _collect(part, found)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        found.append(float(value))


def _side_of(shape: Sequence[int | None]) -> int | None:
    """Height and width of the picture.

    Raises:
        StructureError: it is no square with three colours.
    """
    if len(shape) != 4 or shape[3] != 3:
        raise StructureError(f"it takes {list(shape)[1:]}, not a picture of three colours")
    if shape[1] != shape[2]:
        raise StructureError(f"it takes {shape[2]} x {shape[1]} pixels, not a square")
    return shape[1]
