"""The tree of all settings: the one home of their names, defaults and allowed values.

One word, three spellings: the flag `--act-max`, the variable `LIVECAM_ACT_MAX` and the key
`act-max` of a TOML file are the same setting. cyclopts reads all three from these classes, and
their docstrings are the help texts of `--help`.
"""

from dataclasses import dataclass, field

from cyclopts import Parameter

from livecam.settings.camera import CameraSettings
from livecam.settings.heat import HeatSettings
from livecam.settings.input_limits import InputLimitSettings
from livecam.settings.map import MapSettings
from livecam.settings.model import ModelSettings
from livecam.settings.objects import ObjectSettings
from livecam.settings.output import OutputSettings, RecordingSettings
from livecam.settings.pace import PaceSettings
from livecam.settings.scene import SceneSettings
from livecam.settings.web_page import ServeSettings
from livecam.settings.window import WindowSettings

__all__ = [
    "CameraSettings",
    "HeatSettings",
    "InputLimitSettings",
    "MapSettings",
    "ModelSettings",
    "ObjectSettings",
    "OutputSettings",
    "PaceSettings",
    "RecordingSettings",
    "SceneSettings",
    "ServeSettings",
    "Settings",
    "WindowSettings",
]


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, with its default."""

    model: ModelSettings = field(default_factory=ModelSettings)
    map: MapSettings = field(default_factory=MapSettings)
    heat: HeatSettings = field(default_factory=HeatSettings)
    objects: ObjectSettings = field(default_factory=ObjectSettings)
    output: OutputSettings = field(default_factory=OutputSettings)
    recording: RecordingSettings = field(default_factory=RecordingSettings)
    window: WindowSettings = field(default_factory=WindowSettings)
    pace: PaceSettings = field(default_factory=PaceSettings)
    camera: CameraSettings = field(default_factory=CameraSettings)
    input_limits: InputLimitSettings = field(default_factory=InputLimitSettings)
    scene: SceneSettings = field(default_factory=SceneSettings)
    serve: ServeSettings = field(default_factory=ServeSettings)

    @property
    def waits_for_camera(self) -> bool:
        """Whether a local camera that is not there at the start is waited for.

        By itself where there is a page: that is a service, or says what is missing. Elsewhere the
        user sees at once that the number was wrong.
        """
        return self.serve.serve or self.camera.give_up is not None
