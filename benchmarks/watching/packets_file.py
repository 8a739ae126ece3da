"""Takes a clip's packets out of its container, for a camera that sends them again and again."""

import struct
from pathlib import Path

import av
import cv2  # noqa: F401  (before av, as everywhere)

HEAD = struct.Struct(">Iqq?")
FILTERS = {"h264": ("h264_mp4toannexb", "h264"), "hevc": ("hevc_mp4toannexb", "h265")}


def write_packets(clip: Path, path: Path) -> Path:
    """Write the packets of a clip of H.264 or H.265 as `rtsp_camera` reads them."""
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        filter_name, codec = FILTERS[stream.codec_context.name]
        as_stream = av.BitStreamFilterContext(filter_name, stream)
        unit = stream.time_base
        assert unit is not None
        packets = [out for packet in container.demux(stream) for out in as_stream.filter(packet)]
        timed = [p for p in packets if p.size and p.pts is not None and p.dts is not None]
        first = min(p.pts or 0 for p in timed)
        frame_ns = round(1e9 / float(stream.average_rate or 30))
        body = bytearray()
        for packet in timed:
            times = [
                round(((stamp or 0) - first) * unit * 10**9) for stamp in (packet.pts, packet.dts)
            ]
            body += HEAD.pack(packet.size, *times, packet.is_keyframe) + bytes(packet)
        length = struct.pack(">q", len(timed) * frame_ns)
    path.write_bytes(codec.encode() + b"\n" + length + bytes(body))
    return path
