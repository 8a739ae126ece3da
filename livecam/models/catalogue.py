"""Which models there are: their labels, sizes and where their weights come from."""

import functools
from dataclasses import replace
from pathlib import Path

from livecam.core.labels import Labels
from livecam.core.seen_class import AnswerLevels
from livecam.errors import SettingsError
from livecam.models.imagenet_labels import imagenet_labels
from livecam.models.mobilenet_spec import MobileNetSpec
from livecam.models.model_spec import ModelSpec
from livecam.models.network_options import NO_OPTIONS, NetworkOptions

MODEL_NAMES = ("imagenet", "flowers")
ALPHAS = (1.0, 0.75, 0.5, 0.25)
DEFAULT_ALPHA = 1.0
DEFAULT_CLASS = "daisy"
ACT_MAX = 36.0  # the original page's own: real daisies peak near it
FLOWERS_ALPHA = 0.5
FLOWERS_TEMPERATURE = 1.9137
FLOWERS_LEVELS = (  # at detail 1, 2, 3; measured by training/evaluate/large_maps.py
    AnswerLevels(0.4, 0.78), AnswerLevels(0.8, 0.97), AnswerLevels(0.9, 0.995),
)  # fmt: skip
FLOWERS_CLASSES = ("daisy", "dandelion", "rose", "sunflower", "tulip", "other")


# Measured by the mirror test (livecam models measure) at detail 1, medians, in pixels of the
# network's input; docs/place.md says how and on which photographs. alpha 0.75 stands for all.
IMAGENET_OFFSET_PX = (4.4, 7.9)
IMAGENET_CLASS_OFFSETS_PX = {
    985: (4.4, 9.0), 946: (5.2, 7.9), 948: (2.8, 3.8), 951: (3.0, 4.0), 73: (3.4, 4.2),
}  # fmt: skip
# Trained to lie in place: no class is further off than 0.8 (training/MODEL_CARD.md).
FLOWERS_OFFSET_PX = (0.2, 0.1)


@functools.cache
def _imagenet_labels() -> Labels:
    return replace(imagenet_labels(), other_model=_flowers_with)


def _flowers_with(name: str) -> tuple[str, str]:
    return _described("flowers", flowers_spec().labels, name)


def _imagenet_with(name: str) -> tuple[str, str]:
    return _described("imagenet", imagenet_labels(), name)


def _described(model: str, labels: Labels, name: str) -> tuple[str, str]:
    """Whether a model has a class of this name, and which it has of this kind; "" for none."""
    if labels.has(name):
        return f"the model {model} has it (--model {model})", ""
    alike = labels.described(name)
    return "", f"the model {model} has {alike} (--model {model})" if alike else ""


def imagenet_spec(alpha: float, weights_file: Path | None = None) -> MobileNetSpec:
    """MobileNet v1 for the 1000 classes of ImageNet.

    Raises:
        SettingsError: for an alpha that Keras has no weights for.
    """
    if alpha not in ALPHAS:
        allowed = ", ".join(f"{a:g}" for a in ALPHAS)
        shown = f"{alpha:g}" if isinstance(alpha, int | float) else repr(alpha)
        raise SettingsError(f"alpha {shown} does not exist: use one of {allowed}, a number.")
    return MobileNetSpec(
        "imagenet",
        _imagenet_labels(),
        alpha,
        default_class=DEFAULT_CLASS,
        act_max=ACT_MAX,
        weights_file=weights_file,
        licence="Apache-2.0 (Google)" if weights_file is None else "",
        map_offset_px=IMAGENET_OFFSET_PX,
        class_offsets_px=IMAGENET_CLASS_OFFSETS_PX,
    )


def flowers_spec() -> MobileNetSpec:
    """The small network in the package: five flowers and everything else; works offline."""
    bundle = Path(__file__).resolve().parent.parent / "assets" / "flowers"
    return MobileNetSpec(
        "flowers",
        Labels(
            tuple((name,) for name in FLOWERS_CLASSES),
            excluded=frozenset({FLOWERS_CLASSES.index("other")}),
            other_model=_imagenet_with,
        ),
        FLOWERS_ALPHA,
        bundle=bundle,
        default_class=DEFAULT_CLASS,
        act_max=ACT_MAX,
        blur_cells=1.5,
        licence="MIT (livecam)",
        temperature=FLOWERS_TEMPERATURE,
        levels=FLOWERS_LEVELS,
        map_offset_px=FLOWERS_OFFSET_PX,
    )


def spec_of(
    name: str | Path,
    alpha: float | None = None,
    weights_file: Path | None = None,
    options: NetworkOptions = NO_OPTIONS,
) -> ModelSpec:
    """The network that `--model` and the settings beside it name.

    Args:
        name: of a model, or the path of a file or folder.
        alpha: of imagenet.
        weights_file: of imagenet.
        options: what the user says about a network in a file.

    Raises:
        SettingsError: they contradict each other.
        ModelError: there is no such network, or it cannot be used.
    """
    if name == "imagenet":
        _check_no_options(name, options)
        return imagenet_spec(DEFAULT_ALPHA if alpha is None else alpha, weights_file)
    if weights_file is not None:
        raise SettingsError(f"--weights is for --model imagenet: {name} brings its own.")
    if alpha is not None and (name != "flowers" or alpha != FLOWERS_ALPHA):
        fixed = f"has alpha {FLOWERS_ALPHA:g} only" if name == "flowers" else "has no alpha"
        raise SettingsError(
            f"--model {name} {fixed}: leave --alpha out, or alpha of the settings file."
        )
    if name == "flowers":
        _check_no_options(name, options)
        return flowers_spec()
    from livecam.models.formats.detection import spec_of_file

    return spec_of_file(Path(name), options)


def _check_no_options(name: str, options: NetworkOptions) -> None:
    if options != NO_OPTIONS:
        raise SettingsError(
            "--labels, --preprocess, --channel-order and --input-size are for a network of your "
            f"own, --model PATH: leave them out with {name}."
        )
