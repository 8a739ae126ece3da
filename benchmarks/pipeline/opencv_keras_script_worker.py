"""The script one would write first: OpenCV reads and writes, Keras predicts, NumPy blends.

`python -m benchmarks.pipeline.opencv_keras_script_worker CLIP OUT WEIGHTS FRAMES`; prints JSON with
frames per second.
"""

import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import cv2
import keras
import numpy as np

DAISY = 985
WARM_UP = 5


def main(clip: str, target: str, weights: str, frames: int) -> None:
    """Annotate a clip."""
    full = keras.applications.MobileNet(alpha=1.0, weights=None)
    full.load_weights(weights)
    base = keras.Model(full.inputs[0], full.get_layer("conv_pw_13_relu").output)
    column = full.get_layer("conv_preds").get_weights()[0][0, 0, :, DAISY]
    video = cv2.VideoCapture(clip)
    width, height = (
        int(video.get(p)) for p in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT)
    )
    writer = cv2.VideoWriter(target, cv2.VideoWriter_fourcc(*"mp4v"), 30, (width, height))
    left, side = (width - height) // 2, height
    began_s = 0.0
    for number in range(frames):
        if number == WARM_UP:
            began_s = time.perf_counter()
        read, frame = video.read()
        if not read:
            break
        square = frame[:, left : left + side]
        rgb = cv2.cvtColor(cv2.resize(square, (224, 224)), cv2.COLOR_BGR2RGB)
        grid = base.predict(rgb[np.newaxis] * (2.0 / 255.0) - 1.0, verbose=0)[0] @ column
        brightness = np.exp(np.minimum(0.1 * (grid - 36.0), 0.0))
        levels = (255 * cv2.resize(brightness, (side, side))).astype(np.uint8)
        colours = cv2.applyColorMap(levels, cv2.COLORMAP_INFERNO)
        frame[:, left : left + side] = (0.5 * square + 0.5 * colours).astype(np.uint8)
        text = f"max {grid.max():.1f} mean {grid.mean():.1f}"
        cv2.putText(frame, text, (20, 40), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (255, 255, 255), 2)
        writer.write(frame)
    writer.release()
    print(json.dumps({"fps": (frames - WARM_UP) / (time.perf_counter() - began_s)}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
