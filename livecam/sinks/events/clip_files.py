"""Opens the files of events' clips: packets are copied, pictures encoded."""

from livecam.core.watching.kept_media import ClipBeginning, ClipFile, MediaFormat
from livecam.sinks.events.copied_clip import CopiedClip
from livecam.sinks.events.encoded_clip import EncodedClip
from livecam.sinks.output_paths import made_folder
from livecam.sinks.recording.disk_space import DiskSpaceMonitor
from livecam.sinks.recording.encoder_catalogue import EncoderRequest

FLAG = "--events"


class ClipFiles:
    """Begins the files of clips; a core.watching.kept_media.OpenClipFile."""

    def __init__(self, disk_space: DiskSpaceMonitor, quality: str) -> None:
        """`quality` is for pictures that have to be encoded."""
        self._disk_space, self._quality = disk_space, quality

    def __call__(self, beginning: ClipBeginning, media_format: MediaFormat) -> ClipFile:
        """A new file.

        Raises:
            SinkError: it cannot be made.
        """
        made_folder(beginning.path.parent, FLAG)
        if media_format.video is not None:
            return CopiedClip(beginning, media_format, self._disk_space)
        request = EncoderRequest(quality=self._quality, rate=media_format.rate)
        return EncodedClip(beginning, media_format, self._disk_space, request)
