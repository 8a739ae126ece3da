"""From SOURCE as typed to a source, not yet opened."""

from pathlib import Path

from livecam.core.protocols import Source
from livecam.errors import SourceError
from livecam.settings.schema import CameraSettings, SceneSettings
from livecam.sources.source_argument import parse_address, unknown_source


def source_for(
    text: str, scene: SceneSettings | None = None, asked: CameraSettings | None = None
) -> Source:
    """The source that SOURCE means.

    Args:
        text: SOURCE as typed.
        scene: what stands in the daisy scene.
        asked: what a camera is asked for, and how live sources are read.

    Raises:
        SourceError: it means nothing that can be opened.
        SettingsError: OpenCV does not have the back end that a camera is to be opened with.
    """
    address = parse_address(text)
    match address.kind:
        case "camera":
            from livecam.sources.camera.driver import camera
            from livecam.sources.camera.listing import opened_backend

            opened_backend((asked or CameraSettings()).backend)
            return camera(address.text, asked)
        case "camera name":
            return _named_camera(address.text, asked or CameraSettings())
        case "stills":
            from livecam.sources.stills import Stills

            return Stills(address.text)
        case "clip":
            from livecam.sources.clip import Clip

            return Clip(Path(address.text))
        case "stream":
            from livecam.sources.stream import stream

            return stream(address.text, asked)
        case "daisy":
            return _daisy(scene or SceneSettings())


def _named_camera(part: str, asked: CameraSettings) -> Source:
    from livecam.sources.camera.driver import camera
    from livecam.sources.camera.listing import (
        ANY,
        camera_again,
        camera_named,
        listed_cameras,
        opened_backend,
    )

    backend = opened_backend(asked.backend)
    attached, problem = listed_cameras(backend=backend)
    device = camera_named(part, attached)
    if device is None and problem:
        raise SourceError(
            f"no camera can be found by its name here ({problem}): give its number, like 0."
        )
    if device is None:
        raise unknown_source(part)

    def find() -> str:
        """What to open it by now: after it was unplugged it may have another number."""
        again = camera_again(device, listed_cameras(backend=backend)[0])
        if again is None:
            raise SourceError(f"{device.name} is not attached: plug it in again.")
        if backend != ANY:
            return str(again.number)
        return again.path if again.path.startswith("/dev/") else str(again.index)

    return camera(device.path, asked, name=device.name, find=find)


def _daisy(scene: SceneSettings) -> Source:
    from livecam.sources.synthetic.scene import SceneContents
    from livecam.sources.synthetic.source import SyntheticSource

    return SyntheticSource(
        seed=scene.scene_seed,
        contents=SceneContents(scene.scene_flowers, scene.scene_others),
        size_px=scene.size_px,
        rate=scene.scene_rate,
    )
