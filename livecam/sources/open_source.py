"""Creates the source that SOURCE of the command line means, not yet opened."""

from pathlib import Path

from livecam.core.input_limits import DEFAULT_LIMITS, SizeLimits
from livecam.core.protocols import Source
from livecam.errors import SourceError
from livecam.settings.schema import CameraSettings, SceneSettings
from livecam.sources.files.format import CLIP_SUFFIXES
from livecam.sources.source_argument import parse_source_argument, unknown_source


def create_source(
    text: str,
    scene: SceneSettings | None = None,
    requested: CameraSettings | None = None,
    limits: SizeLimits = DEFAULT_LIMITS,
    *,
    waits_for_camera: bool = False,
) -> Source:
    """The source that SOURCE means.

    Args:
        text: SOURCE as typed.
        scene: what stands in the daisy scene.
        requested: what a camera is asked for, and how live sources are read.
        limits: larger pictures are refused.
        waits_for_camera: whether a local camera that is not there yet is waited for.

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
            return create_camera_source(argument.text, requested, waits=waits_for_camera)
        case "camera name":
            return _named_camera(
                argument.text, requested or CameraSettings(), waits=waits_for_camera
            )
        case "files":
            from livecam.sources.files.file_sequence import FileSequence

            files = FileSequence(argument.text, limits)
            files.find()  # a wrong name is reported before anything else is opened
            return files
        case "clip":
            from livecam.sources.clip import Clip

            return Clip(Path(argument.text), limits)
        case "stream":
            from livecam.sources.stream import create_stream_source

            return create_stream_source(argument.text, requested, limits)
        case "daisy":
            return _synthetic_source(scene or SceneSettings())


def _named_camera(part: str, requested: CameraSettings, *, waits: bool) -> Source:
    """The camera with this part in its name.

    Where nobody said for how long it is to be waited for, a name that no camera has is an error,
    for it may be mistyped.
    """
    from livecam.sources.camera.camera_source import create_camera_source
    from livecam.sources.camera.listing import (
        backend_number,
        device_finder,
        find_camera_by_name,
        list_cameras,
        named_device_finder,
    )

    backend = backend_number(requested.backend)
    attached, problem = list_cameras(backend=backend)
    device = find_camera_by_name(part, attached)
    if device is None and problem:
        raise SourceError(
            f"no camera can be found by its name here ({problem}): give its number, like 0."
        )
    if device is None:
        if requested.give_up is None or Path(part).suffix.casefold() in CLIP_SUFFIXES:
            raise unknown_source(part)
        find_device = named_device_finder(part, backend)
        return create_camera_source("", requested, name=part, find_device=find_device, waits=waits)
    find_device = device_finder(device, backend)
    return create_camera_source(
        device.path, requested, name=device.name, find_device=find_device, waits=waits
    )


def _synthetic_source(scene: SceneSettings) -> Source:
    from livecam.sources.synthetic.scene import SceneContents
    from livecam.sources.synthetic.source import SyntheticSource

    return SyntheticSource(
        seed=scene.scene_seed,
        contents=SceneContents(scene.scene_flowers, scene.scene_others),
        size_px=scene.size_px,
        rate=scene.scene_rate,
    )
