"""A network that gives the features before its pooling: as a function, and as a file for LiteRT.

TensorFlow is imported inside the functions: on the CPU path with a warm cache none of them runs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from livecam.core.head import Head
from livecam.core.network_size import MOBILENET_INPUT, InputSize
from livecam.core.types import RgbImage
from livecam.models.int8_quantisation import Calibration
from livecam.native.silenced_stderr import silenced_native_stderr
from livecam.native.tensorflow import NetworkFunction, freeze_variables, import_tensorflow


@dataclass(frozen=True, slots=True, eq=False)
class FeatureModel:
    """A network cut before its pooling.

    Attributes:
        infer: see native/tensorflow.py; not yet traced.
        head: what follows.
        quantise: gives the network as an int8 file for LiteRT, of typical pictures.
        input_size: what sizes of pictures it takes.
        keras_model: the whole Keras model, where there is one; for inference only.
    """

    infer: NetworkFunction
    head: Head
    quantise: Callable[[Sequence[RgbImage]], bytes]
    input_size: InputSize = MOBILENET_INPUT
    keras_model: Any = None


@dataclass(frozen=True, slots=True, eq=False)
class ConvertedNetwork:
    """A network as a file for LiteRT.

    Attributes:
        file: its content: uint8 RGB, or int8 (the values minus 128), to features.
        head: what follows.
        input_size: what sizes of pictures it takes.
    """

    file: bytes
    head: Head
    input_size: InputSize = MOBILENET_INPUT


def converted(model: FeatureModel, calibration: Calibration | None) -> ConvertedNetwork:
    """The network as a file for LiteRT; in int8 where there are pictures for it."""
    if calibration is None:
        file = _converted_to_float32(model.infer)
    else:
        file = model.quantise(calibration.squares())
    return ConvertedNetwork(file, model.head, model.input_size)


def _converted_to_float32(infer: NetworkFunction) -> bytes:
    tf = import_tensorflow()
    with silenced_native_stderr():
        # A file with variables instead of constants runs twelve times slower.
        concrete = freeze_variables(infer)
        converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete], None)
        return bytes(converter.convert())
