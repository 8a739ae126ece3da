"""Settings of the built-in daisy scene: its seed, size, rate and objects."""

from dataclasses import dataclass
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from livecam.settings.allowed_values import Integer, check_size, size_px
from livecam.settings.groups import SCENE


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class SceneSettings:
    """The built-in scene, `livecam daisy`."""

    scene_seed: Annotated[Integer, Parameter(group=SCENE, validator=Number(gte=0))] = 0
    """Random seed of flower and meadow; the same number gives the same pictures."""

    scene_flowers: Annotated[Integer, Parameter(group=SCENE, validator=Number(gte=1, lte=9))] = 1
    """Number of daisies."""

    scene_others: Annotated[bool, Parameter(group=SCENE, negative="")] = False
    """Add objects that are not daisies (balloon, pinwheel, leaves); the default in demo."""

    scene_size: Annotated[str, Parameter(group=SCENE, validator=check_size)] = "640x480"
    """Width x height in pixels."""

    scene_rate: Annotated[float, Parameter(group=SCENE, validator=Number(gte=1, lte=240))] = 30.0
    """Frames per second of the scene's own time."""

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height."""
        return size_px(self.scene_size)
