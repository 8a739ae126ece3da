"""What is known of a model before it is opened, whatever its network and wherever it comes from."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from livecam.core.labels import AUTO, Labels
from livecam.core.seen_class import UNMEASURED, AnswerLevels

if TYPE_CHECKING:  # what builds networks is imported by what builds one
    from livecam.core.head import Head
    from livecam.models.feature_model import ConvertedNetwork, FeatureModel
    from livecam.models.int8_quantisation import Calibration


@dataclass(frozen=True)
class ModelSpec(ABC):
    """One model that can be opened; nothing of it is loaded yet.

    Attributes:
        name: as `--model` spells it.
        labels: its classes.
        alpha: width multiplier of its network, where it has one.
        bundle: folder in the package with weights and export; None for other models.
        licence: of the weights, to be shown.
        default_class: the class that is looked for where the user names none.
        map_offset_px: how much further right and down than an even grid of cells says the
            evidence of its maps lies, x and y in pixels of the network's input.
        class_offsets_px: the same for the classes whose offset is another, by index.
        blur_cells: how many cells wider than a thing its blob in a map is, where the thing is a
            point; see docs/boxes.md.
        temperature: divides the logits in the softmax, and nowhere else: it makes probabilities
            mean what they say and leaves the maps as bright as they are.
        levels: probabilities from which on an answer is believed at detail 1, 2 and 3, as measured
            on pictures that it was not trained on; none where that was not measured.
        act_max: the activation of its maps that is shown at full brightness; None where it is to be
            measured.
        is_for_litert_alone: whether TensorFlow cannot run it.
    """

    name: str
    labels: Labels
    alpha: float | None = None
    bundle: Path | None = None
    licence: str = ""
    default_class: str = AUTO
    map_offset_px: tuple[float, float] = (0.0, 0.0)
    class_offsets_px: Mapping[int, tuple[float, float]] = field(default_factory=dict)
    blur_cells: float = 2.5
    temperature: float = 1.0
    levels: tuple[AnswerLevels, AnswerLevels, AnswerLevels] = (UNMEASURED,) * 3
    act_max: float | None = None
    is_for_litert_alone: bool = False

    def map_offset_of(self, class_index: int) -> tuple[float, float]:
        """The offset of a class's map: its own, or that of all."""
        return self.class_offsets_px.get(class_index, self.map_offset_px)

    @property
    @abstractmethod
    def title(self) -> str:
        """The name to show: "MobileNet 0.75 imagenet"."""

    @property
    def facts(self) -> dict[str, str]:
        """What is known of the network besides, for the user, by what it is."""
        return {}

    @property
    def approximate_because(self) -> str:
        """Why its maps are those of the gradient, in words; "" where they are exact."""
        return ""

    @property
    def smaller_alpha(self) -> float | None:
        """The --alpha of the next smaller network of this kind; None where there is none."""
        return None

    @property
    def can_be_fetched(self) -> bool:
        """Whether a damaged file of weights can be had again."""
        return False

    @abstractmethod
    def weights_path(self) -> Path:
        """The file of its weights, whether it is there or not."""

    @abstractmethod
    def ensure_weights(self, say: Callable[[str], None]) -> Path:
        """The file of its weights, fetched where it is not there yet and can be.

        Args:
            say: receives a line about what takes long, and about a damaged file.

        Raises:
            ModelError: it cannot be had, or cannot be used.
        """

    @abstractmethod
    def key_parts(self) -> dict[str, Any]:
        """What an export depends on besides the weights, as JSON has it."""

    @abstractmethod
    def build(self, weights: Path, *, float16: bool = False) -> "FeatureModel":
        """The network as a function for TensorFlow.

        Args:
            weights: from `ensure_weights`.
            float16: compute in float16 with float32 variables (GPU only).

        Raises:
            ModelError: the file does not fit the network, is damaged, or is for LiteRT alone.
        """

    def head_on(self, own: "Head") -> "Head":
        """The head that is used.

        Args:
            own: that of its network.

        Raises:
            ModelError: another one was taught, and does not fit.
        """
        return own

    def convert(
        self, weights: Path, calibration: "Calibration | None" = None
    ) -> "ConvertedNetwork":
        """The network as a file for LiteRT.

        Args:
            weights: from `ensure_weights`.
            calibration: the pictures of an int8 network; None for float32.

        Raises:
            ModelError: as `build`.
        """
        from livecam.models.feature_model import converted

        return converted(self.build(weights), calibration)
