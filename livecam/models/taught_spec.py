"""A model that was taught: the head of a .livecam file on the network that it was taught with."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from livecam.core.formatting import counted
from livecam.core.head import Head
from livecam.core.labels import AUTO, Labels
from livecam.core.teaching.held_out import ClassFigure
from livecam.errors import ModelError, SettingsError
from livecam.models.catalogue import ALPHAS, FLOWERS_ALPHA, flowers_spec, imagenet_spec
from livecam.models.mobilenet_spec import MobileNetSpec
from livecam.models.model_spec import ModelSpec
from livecam.models.network_options import NO_OPTIONS, NetworkOptions
from livecam.models.taught_file import SUFFIX, TaughtBase, TaughtModel, read_taught_file
from livecam.models.weights import file_digest

if TYPE_CHECKING:
    from livecam.models.feature_model import FeatureModel


@dataclass(frozen=True, kw_only=True)
class TaughtSpec(ModelSpec):
    """A model that was taught.

    Attributes:
        base: the network below the head; weights and exports are its own.
        taught: the head, with what is known of it.
    """

    base: ModelSpec
    taught: TaughtModel

    @property
    def title(self) -> str:
        """The name to show: "roses on MobileNet 0.75 imagenet"."""
        return f"{Path(self.name).stem} on {self.base.title}"

    @property
    def facts(self) -> dict[str, str]:
        """Its classes, with what the others say of their samples."""
        return {"held out": ", ".join(map(_in_words, self.taught.figures))}

    @property
    def smaller_alpha(self) -> float | None:
        """None: it would have to be taught again."""
        return None

    @property
    def can_be_fetched(self) -> bool:
        """As of its network."""
        return self.base.can_be_fetched

    def weights_path(self) -> Path:
        """The file of its network's weights."""
        return self.base.weights_path()

    def ensure_weights(self, say: Callable[[str], None]) -> Path:
        """The file of its network's weights, which must be those that it was taught with."""
        weights = self.base.ensure_weights(say)
        if file_digest(weights) != self.taught.base.sha256:
            raise ModelError(
                f"{self.name} was taught on other weights of {self.base.title} than {weights}: "
                "bring those, or teach it again here with livecam teach."
            )
        return weights

    def key_parts(self) -> dict[str, Any]:
        """What an export depends on: it is that of its network."""
        return self.base.key_parts()

    def build(self, weights: Path, *, float16: bool = False) -> "FeatureModel":
        """Its network."""
        return self.base.build(weights, float16=float16)

    def head_on(self, own: Head) -> Head:
        """The head that was taught, instead of the network's own."""
        head = self.taught.head
        if own.hidden or own.places or len(own.kernel) != len(head.kernel):
            raise ModelError(f"{self.name} does not fit {self.base.title}: teach it again.")
        return head


def _in_words(figure: ClassFigure) -> str:
    if not figure.judged:
        return f"{figure.name} ({counted(figure.samples, 'sample')})"
    return f"{figure.name} {figure.right} of {figure.judged}"


def taught_spec(path: Path, options: NetworkOptions = NO_OPTIONS) -> TaughtSpec:
    """What is known of the model in a .livecam file.

    Args:
        path: of the file.
        options: what the user says about a network; here the file says it all.

    Raises:
        ModelError: the file cannot be used.
        SettingsError: the user says something else.
    """
    if options != NO_OPTIONS:
        raise SettingsError(
            "--labels, --preprocess, --channel-order and --input-size are for networks of other "
            f"programs: {path} says all of that itself."
        )
    taught = read_taught_file(path)
    base = base_spec(taught.base, path)
    other = len(taught.figures) - 1
    return TaughtSpec(
        str(path),
        Labels(
            tuple((name,) for name in taught.class_names),
            excluded=frozenset({other} if taught.has_other else ()),
        ),
        base.alpha,
        base.bundle,
        default_class=AUTO,
        map_offset_px=base.map_offset_px,
        blur_cells=base.blur_cells,
        temperature=taught.temperature,
        act_max=base.act_max,
        base=base,
        taught=taught,
    )


def base_spec(base: TaughtBase, path: Path) -> MobileNetSpec:
    """The network that a file names.

    Raises:
        ModelError: this livecam has none of that name.
    """
    if base.model == "imagenet" and base.alpha in ALPHAS:
        return imagenet_spec(base.alpha)
    if base.model == "flowers" and base.alpha == FLOWERS_ALPHA:
        return flowers_spec()
    raise ModelError(
        f"{path} was taught on {base.model} {base.alpha:g}, which this livecam does not have: "
        f"a {SUFFIX} file needs imagenet or flowers below it."
    )
