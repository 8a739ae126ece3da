"""The URL by which FFmpeg, behind PyAV, opens a file."""

from pathlib import Path


def file_url(path: Path) -> str:
    """The file's URL: of a bare name like "cam:1.mp4" FFmpeg would take the start as a protocol."""
    return f"file:{path.absolute()}"
