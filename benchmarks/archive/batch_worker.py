"""Prints, as JSON, what decoding and network take alone, or how fast a batch is; see batch_rate.py.

In the folder above benchmarks: python -m benchmarks.archive.batch_worker bound CLIP MODEL...
                                python -m benchmarks.archive.batch_worker rate FOLDER ...
"""

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import psutil
from av.video.reformatter import VideoReformatter

from livecam.assembly.batch_plan import part_key
from livecam.assembly.measure_options import MeasureOptions
from livecam.assembly.model_from_settings import choose_model
from livecam.assembly.open_model import OpenedModel
from livecam.assembly.packed_model import PackedModel, pack_model
from livecam.assembly.part_settings import part_settings
from livecam.assembly.part_task import PartResult, PartTask, PartWorker
from livecam.core.archive.sources import BatchSource
from livecam.core.crop import network_view
from livecam.core.types import CropBox
from livecam.execution.process_pool import ProcessPool
from livecam.settings.schema import ModelSettings
from livecam.sources.decoding.column_cut import ColumnCut, Columns

if TYPE_CHECKING:
    from livecam.execution.task_runner import TaskRunner

TURNS = 5
MOST_LOOKS = 300
"""So many are enough of the plain loop."""


def packed_model(weights: str, precision: str) -> PackedModel:
    given: Any = {"weights": Path(weights), "alpha": 1.0, "precision": precision}
    return pack_model(choose_model(ModelSettings(**given)), lambda _: None)


def bound(clip: str, weights: str, precision: str) -> dict[str, float]:
    """Processor milliseconds of decoding a key frame, a frame, and of one bare `invoke`, alone."""
    model = packed_model(weights, precision).open(1)
    runtime: Any = model.runtime
    runtime.infer(np.zeros((224, 224, 3), np.uint8))
    invoke_ms = best_of(lambda: processor_ms(runtime._interpreter.invoke, 40) / 40)
    return {
        "key_ms": best_of(partial(decoding_ms, clip, only_keys=True)),
        "frame_ms": best_of(partial(decoding_ms, clip, only_keys=False)),
        "invoke_ms": invoke_ms,
        "plain_key_ms": best_of(partial(plain_ms, clip, model, only_keys=True)),
        "plain_frame_ms": best_of(partial(plain_ms, clip, model, only_keys=False)),
    }


def best_of(measured: Callable[[], float]) -> float:
    return min(measured() for _ in range(TURNS))


def processor_ms(work: Callable[[], object], times: int) -> float:
    began_s = time.process_time()
    for _ in range(times):
        work()
    return 1000.0 * (time.process_time() - began_s)


def decoding_ms(clip: str, *, only_keys: bool) -> float:
    with av.open(clip) as container:
        stream = container.streams.video[0]
        stream.thread_type = "NONE"
        context: Any = stream.codec_context
        context.thread_count = 1
        packets = [p for p in container.demux(stream) if p.size]
        wanted = [p for p in packets if p.is_keyframe] if only_keys else packets
        began_s = time.process_time()
        for packet in wanted:
            context.decode(packet)
            if only_keys:
                context.decode(None)
                context.flush_buffers()
        if not only_keys:
            context.decode(None)
        return 1000.0 * (time.process_time() - began_s) / len(wanted)


def plain_ms(clip: str, model: OpenedModel, *, only_keys: bool) -> float:
    """Of all calls of libraries that a look needs, in a loop without bookkeeping and figures."""
    reformatter, cut, columns = VideoReformatter(), ColumnCut(), Columns(280, 1000)
    began_s, looks = time.process_time(), 0
    with av.open(clip) as container:
        stream = container.streams.video[0]
        stream.thread_type = "NONE"
        context: Any = stream.codec_context
        context.thread_count = 1
        for packet in container.demux(stream):
            if only_keys and not packet.is_keyframe:
                continue
            frames = context.decode(packet)
            if only_keys:
                frames += context.decode(None)
                context.flush_buffers()
            if looks >= MOST_LOOKS:
                break
            for frame in frames:
                part, first = cut.cut(frame, columns)
                bgr = reformatter.reformat(part, format="bgr24", threads=1).to_ndarray()
                box = CropBox(columns.begin - first, 0, 720, 720)
                model.infer(network_view(bgr, box))
                looks += 1
    return 1000.0 * (time.process_time() - began_s) / looks


def rate(clips: str, weights: str, precision: str, looks: str, ways: str) -> dict[str, Any]:
    """Looks a second of a batch over the clips of a folder, its start left out, for each way.

    A way is "2" for a pool of two processes, "ray" for Ray on the cores of this machine.
    """
    packed = packed_model(weights, precision)
    options = MeasureOptions((985,), spacing_s=0.0 if looks == "all" else 1.0)
    make = partial(PartWorker, packed, part_settings(packed, options, grid=False), 1)
    first, timed = (tasks_of(Path(clips), pattern) for pattern in ("first_*.mp4", "0*.mp4"))
    return {way: of_way(way, make, first, timed) for way in ways.split(",")}


def tasks_of(folder: Path, pattern: str) -> list[PartTask]:
    return [
        PartTask(part_key((str(path),), 0, "x"), (BatchSource(str(path)),))
        for path in sorted(folder.glob(pattern))
    ]


def of_way(way: str, make: Any, first: list[PartTask], timed: list[PartTask]) -> dict[str, float]:
    runner: TaskRunner[PartTask, PartResult]
    if way == "ray":
        from livecam.execution.ray_cluster import RayCluster

        runner = RayCluster(make, "auto", 1, lambda _: None)
    else:
        runner = ProcessPool(make, int(way))
    with runner:
        all_of(runner, first)  # every process has begun
        before = children_processor_s()
        began_s = time.perf_counter()
        rows = all_of(runner, timed)
        wall_s = time.perf_counter() - began_s
        return {
            "rate": rows / wall_s,
            "processor_ms": 1000.0 * (children_processor_s() - before) / rows,
            "worker_mb": children_mb(),
        }


def all_of(runner: "TaskRunner[PartTask, PartResult]", tasks: list[PartTask]) -> int:
    """The rows of all of them."""
    waiting, rows, left = list(tasks), 0, len(tasks)
    while left:
        while waiting and runner.can_take():
            runner.submit(waiting.pop(0))
        for outcome in runner.outcomes(0.5):
            left -= 1
            if outcome.result is None or not outcome.result.entry.rows:
                raise RuntimeError(outcome.problem or "no rows")
            rows += outcome.result.entry.rows
    return rows


def workers_here() -> list[psutil.Process]:
    return [p for p in psutil.Process().children() if "spawn_main" in " ".join(p.cmdline())]


def children_processor_s() -> float:
    return sum(p.cpu_times().user + p.cpu_times().system for p in workers_here())


def children_mb() -> float:
    """Resident memory of the largest worker, in millions of bytes."""
    return max((p.memory_info().rss / 1e6 for p in workers_here()), default=0.0)


if __name__ == "__main__":
    print(json.dumps({"bound": bound, "rate": rate}[sys.argv[1]](*sys.argv[2:])))
