"""Creates the source that SOURCE of the command line means, not yet opened."""

from pathlib import Path

from livecam.core.protocols import Source
from livecam.errors import SourceError
from livecam.settings.schema import CameraSettings, SceneSettings
from livecam.sources.source_argument import parse_source_argument, unknown_source


def create_source(
    text: str, scene: SceneSettings | None = None, requested: CameraSettings | None = None
) -> Source:
    """The source that SOURCE means.

    Args:
        text: SOURCE as typed.
        scene: what stands in the daisy scene.
        requested: what a camera is asked for, and how live sources are read.

    Raises:
        SourceError: it is nothing that can be opened.
        SettingsError: OpenCV does not have the back end that a camera is to be opened with.
    """
    argument = parse_source_argument(text)
    match argument.kind:
        case "camera":
            from livecam.sources.camera.camera_source import create_camera_source
            from livecam.sources.camera.listing import backend_number

            backend_number((requested or CameraSettings()).backend)
            return create_camera_source(argument.text, requested)
        case "camera name":
            return _named_camera(argument.text, requested or CameraSettings())
        case "files":
            from livecam.sources.files.file_sequence import FileSequence

            return FileSequence(argument.text)
        case "clip":
            from livecam.sources.clip import Clip

            return Clip(Path(argument.text))
        case "stream":
            from livecam.sources.stream import create_stream_source

            return create_stream_source(argument.text, requested)
        case "daisy":
            return _synthetic_source(scene or SceneSettings())


def _named_camera(part: str, requested: CameraSettings) -> Source:
    from livecam.sources.camera.camera_source import create_camera_source
    from livecam.sources.camera.listing import (
        ANY_BACKEND,
        backend_number,
        find_camera_again,
        find_camera_by_name,
        list_cameras,
    )

    backend = backend_number(requested.backend)
    attached, problem = list_cameras(backend=backend)
    device = find_camera_by_name(part, attached)
    if device is None and problem:
        raise SourceError(
            f"no camera can be found by its name here ({problem}): give its number, like 0."
        )
    if device is None:
        raise unknown_source(part)

    def find_device() -> str:
        """What to open it by: after it was unplugged it may have another number."""
        again = find_camera_again(device, list_cameras(backend=backend)[0])
        if again is None:
            raise SourceError(f"{device.name} is not attached: plug it in again.")
        if backend != ANY_BACKEND:
            return str(again.number)
        return again.path if again.path.startswith("/dev/") else str(again.index)

    return create_camera_source(device.path, requested, name=device.name, find_device=find_device)


def _synthetic_source(scene: SceneSettings) -> Source:
    from livecam.sources.synthetic.scene import SceneContents
    from livecam.sources.synthetic.source import SyntheticSource

    return SyntheticSource(
        seed=scene.scene_seed,
        contents=SceneContents(scene.scene_flowers, scene.scene_others),
        size_px=scene.size_px,
        rate=scene.scene_rate,
    )
