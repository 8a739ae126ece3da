"""Which models there are: their labels, sizes and where their weights come from."""

from dataclasses import dataclass
from pathlib import Path

from livecam.errors import SettingsError
from livecam.models.labels import Labels, imagenet_labels

ALPHAS = (1.0, 0.75, 0.5, 0.25)


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """One network that can be opened.

    Attributes:
        name: as `--model` spells it.
        alpha: width multiplier of MobileNet v1.
        labels: its classes.
        never_found: indices of classes that are not offered as finds.
        weights_file: the weights the person gave; None for those that Keras fetches.
    """

    name: str
    alpha: float
    labels: Labels
    never_found: frozenset[int] = frozenset()
    weights_file: Path | None = None

    @property
    def title(self) -> str:
        """For the person: "MobileNet 0.75 imagenet"."""
        return f"MobileNet {self.alpha:g} {self.name}"


def imagenet_spec(alpha: float, weights_file: Path | None = None) -> ModelSpec:
    """MobileNet v1 for the 1000 classes of ImageNet.

    Raises:
        SettingsError: for an alpha that Keras has no weights for.
    """
    if alpha not in ALPHAS:
        allowed = ", ".join(f"{a:g}" for a in ALPHAS)
        raise SettingsError(f"alpha {alpha:g} does not exist: use one of {allowed}.")
    return ModelSpec("imagenet", alpha, imagenet_labels(), weights_file=weights_file)
