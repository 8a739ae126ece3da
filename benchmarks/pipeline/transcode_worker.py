"""The least that a video costs: PyAV decodes and encodes, nothing in between.

`python -m benchmarks.pipeline.transcode_worker IN OUT FRAMES WARM_UP [ffmpeg]`; prints JSON like
`livecam bench`. The encoder is set as livecam sets it, or, with `ffmpeg`, as FFmpeg does for the
same preset and quality: with B-frames and a longer look ahead.
"""

import json
import sys
import time
from contextlib import ExitStack, closing
from fractions import Fraction
from itertools import islice
from typing import Any

import cv2  # noqa: F401  (before av)

# isort: split
import av

from livecam.sinks.recording.encoder import KEY_FRAME_INTERVAL_S, open_encoder
from livecam.sinks.recording.encoder_catalogue import ENCODERS, QUALITIES, EncoderRequest

TIME_BASE = Fraction(1, 90_000)


def transcode(
    source: str, target: str, frames: int, warm_up: int, *, ffmpeg_defaults: bool = False
) -> dict[str, float]:
    """Frames per second and processor time after the warm-up, the encoder's tail included."""
    with ExitStack() as stack:
        reading = stack.enter_context(av.open(source))
        writing = stack.enter_context(av.open(target, "w"))
        stream = reading.streams.video[0]
        stream.thread_type = "AUTO"
        rate = float(stream.average_rate or 30)
        if ffmpeg_defaults:
            encoder = out = ffmpeg_stream(writing, stream, rate)
        else:
            request, size_px = EncoderRequest(rate=rate, live=False), (stream.width, stream.height)
            own = stack.enter_context(closing(open_encoder(request, size_px, TIME_BASE)))
            encoder, out = own.stream, writing.add_stream_from_template(own.stream)
        between_keys = max(1, round(rate * KEY_FRAME_INTERVAL_S))
        began_s = processor_s = 0.0
        done = 0

        def write(packets: list) -> None:
            for packet in packets:
                packet.stream = out
                writing.mux(packet)

        for number, frame in enumerate(islice(reading.decode(stream), frames)):
            if number == warm_up:
                began_s, processor_s = time.perf_counter(), time.process_time()
            frame.time_base, frame.pts = TIME_BASE, round(number * 90_000 / rate)
            kinds = av.video.frame.PictureType
            frame.pict_type = kinds.NONE if number % between_keys else kinds.I
            write(encoder.encode(frame))
            done = number + 1
        write(encoder.encode(None))
        counted = done - warm_up
        wall_s, worked_s = time.perf_counter() - began_s, time.process_time() - processor_s
    return {"fps": counted / wall_s, "processor_ms": 1000.0 * worked_s / counted}


def ffmpeg_stream(writing: Any, like: Any, rate: float) -> Any:
    """FFmpeg's own veryfast, in livecam's quality."""
    (spec,) = (s for s in ENCODERS["h264"] if s.name == "libx264")
    good = spec.quality_values[QUALITIES.index("good")]
    options = {"preset": "veryfast", spec.quality_option: good}
    stream = writing.add_stream("libx264", rate=round(rate), options=options)
    stream.width, stream.height, stream.pix_fmt = like.width, like.height, "yuv420p"
    stream.time_base = stream.codec_context.time_base = TIME_BASE
    return stream


if __name__ == "__main__":
    found = transcode(
        sys.argv[1],
        sys.argv[2],
        int(sys.argv[3]),
        int(sys.argv[4]),
        ffmpeg_defaults="ffmpeg" in sys.argv[5:],
    )
    print(json.dumps(found))
