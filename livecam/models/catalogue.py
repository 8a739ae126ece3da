"""Which models there are: their labels, sizes and where their weights come from."""

from dataclasses import dataclass
from pathlib import Path

from livecam.core.labels import Labels
from livecam.errors import SettingsError
from livecam.models.imagenet_labels import imagenet_labels

ALPHAS = (1.0, 0.75, 0.5, 0.25)
DEFAULT_ALPHA = 1.0
FLOWERS_ALPHA = 0.5
FLOWERS_CLASSES = ("daisy", "dandelion", "rose", "sunflower", "tulip", "other")


@dataclass(frozen=True)
class ModelSpec:
    """One network that can be opened.

    Attributes:
        name: as `--model` spells it.
        alpha: width multiplier of MobileNet v1.
        labels: its classes.
        weights_file: the weights the user gave; None for those that Keras fetches.
        bundle: folder in the package with weights and export; None for other models.
        licence: of the weights, to be shown.
    """

    name: str
    alpha: float
    labels: Labels
    weights_file: Path | None = None
    bundle: Path | None = None
    licence: str = ""

    @property
    def title(self) -> str:
        """The name to show: "MobileNet 0.75 imagenet"."""
        return f"MobileNet {self.alpha:g} {self.name}"


def imagenet_spec(alpha: float, weights_file: Path | None = None) -> ModelSpec:
    """MobileNet v1 for the 1000 classes of ImageNet.

    Raises:
        SettingsError: for an alpha that Keras has no weights for.
    """
    if alpha not in ALPHAS:
        allowed = ", ".join(f"{a:g}" for a in ALPHAS)
        raise SettingsError(f"alpha {alpha:g} does not exist: use one of {allowed}.")
    return ModelSpec(
        "imagenet",
        alpha,
        imagenet_labels(),
        weights_file=weights_file,
        licence="Apache-2.0 (Google)" if weights_file is None else "",
    )


def flowers_spec() -> ModelSpec:
    """The small network in the package: five flowers and everything else; works offline."""
    bundle = Path(__file__).resolve().parent.parent / "assets" / "flowers"
    return ModelSpec(
        "flowers",
        FLOWERS_ALPHA,
        Labels(
            tuple((name,) for name in FLOWERS_CLASSES),
            excluded=frozenset({FLOWERS_CLASSES.index("other")}),
        ),
        bundle=bundle,
        licence="MIT (livecam)",
    )


def spec_of(name: str, alpha: float | None = None, weights_file: Path | None = None) -> ModelSpec:
    """The network that `--model`, `--alpha` and `--weights` name.

    Raises:
        SettingsError: they contradict each other, or there is no such network.
    """
    if name == "imagenet":
        return imagenet_spec(DEFAULT_ALPHA if alpha is None else alpha, weights_file)
    if name != "flowers":
        raise SettingsError(f"there is no model {name!r}: use imagenet or flowers.")
    if weights_file is not None:
        raise SettingsError("--weights is for --model imagenet: flowers brings its own.")
    if alpha not in (None, FLOWERS_ALPHA):
        raise SettingsError(
            f"--model flowers has alpha {FLOWERS_ALPHA:g} only: leave --alpha "
            "out, or alpha of the settings file."
        )
    return flowers_spec()
