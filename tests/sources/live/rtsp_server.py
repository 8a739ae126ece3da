"""GStreamer's RTSP server with stamped pictures; for the system's Python, which has its bindings.

python3 rtsp_server.py PORT WIDTH HEIGHT RATE [USER PASSWORD]

/garden over TCP and UDP, /udp over UDP alone, as some old cameras.
"""

import sys
import threading
from pathlib import Path

import gi

sys.path.insert(0, str(Path(__file__).parent))
from stamped import grey_picture, paced

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
gi.require_version("GstRtsp", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer

PORT, WIDTH, HEIGHT, RATE = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
PIPELINE = (
    f"( appsrc name=eye is-live=true format=time do-timestamp=true "
    f"caps=video/x-raw,format=I420,width={WIDTH},height={HEIGHT},framerate={RATE}/1 "
    "! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=15 bitrate=800 "
    "! rtph264pay name=pay0 pt=96 config-interval=1 )"
)


def feed(eye):
    colour = bytes([128]) * (WIDTH * HEIGHT // 2)
    for _, stamp in paced(RATE):
        buffer = Gst.Buffer.new_wrapped(grey_picture(stamp, WIDTH, HEIGHT) + colour)
        if eye.emit("push-buffer", buffer) != Gst.FlowReturn.OK:
            return


def configure(_, media):
    eye = media.get_element().get_by_name_recurse_up("eye")
    threading.Thread(target=feed, args=(eye,), daemon=True).start()


Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service(PORT)
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(PIPELINE)
factory.set_shared(True)
factory.set_latency(0)
factory.connect("media-configure", configure)
if len(sys.argv) > 6:
    auth = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "user")
    auth.add_basic(GstRtspServer.RTSPAuth.make_basic(sys.argv[5], sys.argv[6]), token)
    server.set_auth(auth)
    factory.add_role_from_structure(
        Gst.Structure.from_string(
            "user, media.factory.access=(boolean)true, media.factory.construct=(boolean)true"
        )[0]
    )
server.get_mount_points().add_factory("/garden", factory)
udp_only = GstRtspServer.RTSPMediaFactory()
udp_only.set_launch(PIPELINE)
udp_only.set_latency(0)
udp_only.set_protocols(GstRtsp.RTSPLowerTrans.UDP)
udp_only.connect("media-configure", configure)
server.get_mount_points().add_factory("/udp", udp_only)
server.attach(None)
print("ready", flush=True)  # noqa: T201  (a program of its own)
GLib.MainLoop().run()
