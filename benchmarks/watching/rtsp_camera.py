"""A camera on this machine: GStreamer's RTSP server sends packets again and again, in real time.

python3 rtsp_camera.py PORT PACKETS

For the system's Python, which has GStreamer's bindings. PACKETS is of `packets_file`: the camera
encodes nothing while it is measured what others do with its stream. Its address ends in /camera.
"""

import struct
import sys
import threading
import time
from pathlib import Path
from typing import Any

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

HEAD = struct.Struct(">Iqq?")  # bytes, shown and decoded at (ns), is a key picture
Packet = tuple[bytes, int, int, bool]


def read_packets(path: str) -> tuple[str, int, list[Packet]]:
    """Codec, length in ns, and the packets."""
    data = Path(path).read_bytes()
    codec, _, rest = data.partition(b"\n")
    packets, at = [], 8
    while at < len(rest):
        size, shown, decoded, is_key = HEAD.unpack_from(rest, at)
        at += HEAD.size
        packets.append((rest[at : at + size], shown, decoded, is_key))
        at += size
    return codec.decode(), struct.unpack_from(">q", rest)[0], packets


def feed(eye: Any, length: int, packets: list[Packet]) -> None:
    """Push packets at their times, for ever."""
    began, round_ns = time.monotonic_ns(), 0
    while True:
        for data, shown, decoded, is_key in packets:
            wait_s = (began + round_ns + decoded - time.monotonic_ns()) / 1e9
            if wait_s > 0:
                time.sleep(wait_s)
            buffer = Gst.Buffer.new_wrapped(data)
            buffer.pts, buffer.dts = round_ns + shown, max(0, round_ns + decoded)
            if not is_key:
                buffer.set_flags(Gst.BufferFlags.DELTA_UNIT)
            if eye.emit("push-buffer", buffer) != Gst.FlowReturn.OK:
                return
        round_ns += length


def main() -> None:
    """Serve until it is ended."""
    codec, length, packets = read_packets(sys.argv[2])
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(sys.argv[1])
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(
        f"( appsrc name=eye is-live=true format=time "
        f"caps=video/x-{codec},stream-format=byte-stream,alignment=au "
        f"! rtp{codec}pay name=pay0 pt=96 config-interval=1 )"
    )
    factory.set_latency(0)

    def configure(_: Any, media: Any) -> None:
        eye = media.get_element().get_by_name_recurse_up("eye")
        threading.Thread(target=feed, args=(eye, length, packets), daemon=True).start()
        print("client", flush=True)

    factory.connect("media-configure", configure)
    server.get_mount_points().add_factory("/camera", factory)
    server.attach(None)
    print("ready", flush=True)
    GLib.MainLoop().run()


main()
