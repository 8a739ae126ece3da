"""The URL by which FFmpeg, behind PyAV, opens a file."""

from pathlib import Path


def file_url(path: Path) -> str:
    """The file's URL: of a bare name like "cam:1.mp4" FFmpeg would take the start as a protocol."""
    return f"file:{path.absolute()}"


def file_start_url(path: Path, size_bytes: int) -> str:
    """The URL of a file's first bytes alone: what comes after them does not exist for FFmpeg."""
    return f"subfile,,start,0,end,{size_bytes},,:{file_url(path)}"
