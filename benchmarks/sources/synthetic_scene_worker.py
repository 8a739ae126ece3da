"""The time of a picture of the daisy scene on one core.

`python -m benchmarks.sources.synthetic_scene_worker`; prints JSON.
"""

import json
import time
from statistics import median

import cv2

from livecam.sources.synthetic.projection import Pose
from livecam.sources.synthetic.renderer import render
from livecam.sources.synthetic.scene import SceneContents, build_scene

ZOOMS = (0.8, 1.0, 1.6, 2.5)
POSES, TURNS = 12, 3


def picture_ms(contents: SceneContents, zoom: float) -> float:
    """Processor milliseconds of a picture of 640 x 480, the median over views from all sides."""
    scene = build_scene(3, contents)
    poses = [Pose(0.5 * number, 0.25 + 0.09 * number, zoom) for number in range(POSES)]
    render(scene, poses[0], 640, 480)
    times_s = []
    for pose in poses:
        turns_s = []
        for _ in range(TURNS):
            began_s = time.thread_time()
            render(scene, pose, 640, 480)
            turns_s.append(time.thread_time() - began_s)
        times_s.append(min(turns_s))
    return 1000 * median(times_s)


def main() -> None:
    """Measure and print."""
    cv2.setNumThreads(1)
    times_ms = {f"zoom {zoom}": picture_ms(SceneContents(), zoom) for zoom in ZOOMS}
    times_ms["three flowers and other things"] = picture_ms(SceneContents(3, others=True), 1.0)
    print(json.dumps(times_ms))


if __name__ == "__main__":
    main()
