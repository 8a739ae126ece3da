"""The least that a video costs: PyAV decodes and encodes, nothing in between.

`python -m benchmarks.transcode IN OUT FRAMES WARM_UP`, with livecam's own encoder settings; prints
JSON like `livecam bench`.
"""

import json
import sys
import time
from fractions import Fraction
from itertools import islice

import av
import cv2  # noqa: F401  (before av)

from livecam.sinks.recording.encoders import GROUP_S, Wish, open_encoder

TICK = Fraction(1, 90_000)


def transcode(source: str, target: str, frames: int, warm_up: int) -> dict[str, float]:
    """Frames per second and processor time after the warm-up, the encoder's tail included."""
    with av.open(source) as reading, av.open(target, "w") as writing:
        stream = reading.streams.video[0]
        stream.thread_type = "AUTO"
        rate = float(stream.average_rate or 30)
        encoder = open_encoder(Wish(rate=rate, live=False), (stream.width, stream.height), TICK)
        out = writing.add_stream_from_template(encoder.stream)
        between_keys = max(1, round(rate * GROUP_S))
        began_s = processor_s = 0.0
        done = 0

        def write(packets: list) -> None:
            for packet in packets:
                packet.stream = out
                writing.mux(packet)

        for number, frame in enumerate(islice(reading.decode(stream), frames)):
            if number == warm_up:
                began_s, processor_s = time.perf_counter(), time.process_time()
            frame.time_base, frame.pts = TICK, round(number * 90_000 / rate)
            kinds = av.video.frame.PictureType
            frame.pict_type = kinds.NONE if number % between_keys else kinds.I
            write(encoder.stream.encode(frame))
            done = number + 1
        write(encoder.flush())
        counted = done - warm_up
        wall_s, worked_s = time.perf_counter() - began_s, time.process_time() - processor_s
        encoder.close()
    return {"fps": counted / wall_s, "processor_ms": 1000.0 * worked_s / counted}


if __name__ == "__main__":
    print(json.dumps(transcode(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))))
