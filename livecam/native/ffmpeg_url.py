"""How FFmpeg, behind PyAV, is told of a file."""

from pathlib import Path


def file_url(path: Path) -> str:
    """The file's address: a bare name like "cam:1.mp4" would be taken for a protocol."""
    return f"file:{path.absolute()}"
