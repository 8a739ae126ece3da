"""From SOURCE as typed to a source, not yet opened."""

from pathlib import Path

from livecam.ports import Source
from livecam.settings import CameraSettings, SceneSettings
from livecam.sources.address import parse_address, unknown_source


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
    """
    address = parse_address(text)
    match address.kind:
        case "camera":
            from livecam.sources.camera import camera

            return camera(address.text, asked)
        case "camera name":
            return _named_camera(address.text, asked)
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


def _named_camera(part: str, asked: CameraSettings | None) -> Source:
    from livecam.sources.camera import camera
    from livecam.sources.cameras import attached_cameras, camera_named

    device = camera_named(part, attached_cameras())
    if device is None:
        raise unknown_source(part)
    opened_by = device.path if device.path.startswith("/dev/") else str(device.index)
    return camera(opened_by, asked, name=device.name)


def _daisy(scene: SceneSettings) -> Source:
    from livecam.sources.daisy.scene import SceneContents
    from livecam.sources.daisy.source import Daisy

    return Daisy(
        seed=scene.scene_seed,
        contents=SceneContents(scene.scene_flowers, scene.scene_others),
        size_px=scene.size_px,
        rate=scene.scene_rate,
    )
