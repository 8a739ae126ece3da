"""From SOURCE as typed to a source, not yet opened."""

from pathlib import Path

from livecam.ports import Source
from livecam.settings import SceneSettings
from livecam.sources.address import parse_address


def source_for(text: str, scene: SceneSettings | None = None) -> Source:
    """The source that SOURCE means; `scene` says what stands in the daisy scene.

    Raises:
        SourceError: it means nothing that can be opened.
    """
    address = parse_address(text)
    match address.kind:
        case "camera":
            from livecam.sources.camera import Camera

            return Camera(address.text)
        case "stills":
            from livecam.sources.stills import Stills

            return Stills(address.text)
        case "clip":
            from livecam.sources.clip import Clip

            return Clip(Path(address.text))
        case "stream":
            from livecam.sources.stream import Stream

            return Stream(address.text)
        case "daisy":
            return _daisy(scene or SceneSettings())


def _daisy(scene: SceneSettings) -> Source:
    from livecam.sources.daisy.scene import SceneContents
    from livecam.sources.daisy.source import Daisy

    return Daisy(
        seed=scene.scene_seed,
        contents=SceneContents(scene.scene_flowers, scene.scene_others),
        size_px=scene.size_px,
        rate=scene.scene_rate,
    )
