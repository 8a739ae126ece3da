"""Teaches flowers of few photographs, and looks at others of the same kinds.

`python -m benchmarks.quality.taught_classes_worker SHARED MODEL`; prints JSON. MODEL, the network
below, is "imagenet" (alpha 0.75, real weights) or "flowers", which was trained on most of these
photographs: of it those are taken that were kept apart. The photographs that are taught are drawn
20 times. The other things are of sources that the features in the program are not of.
"""

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from livecam.assembly.teaching import open_teaching_base
from livecam.core.teaching.fit import fit_head
from livecam.core.teaching.samples import OTHER, TaughtClasses, TaughtSample
from livecam.core.types import BgrImage
from livecam.models.other_things import other_things
from livecam.pipeline.teacher import Teacher
from livecam.settings.schema import ModelSettings
from training.data.splits import split_of_photo

TAUGHT = (1, 3, 5, 8)
DRAWS = 20
PHOTOGRAPHS = 60
TEST_SOURCES = ("openimages", "insectdetect")
FIT_SAMPLES = 300


def main(shared: Path, model: str) -> dict[str, Any]:
    """Everything that the benchmark prints."""
    base = open_teaching_base(ModelSettings(engine="litert", model=model), lambda _: None)
    folders = sorted(path for path in (shared / "photos" / "flowers").iterdir() if path.is_dir())
    teacher = base.teacher([folder.name for folder in folders])
    for folder in folders:
        files = sorted(folder.glob("*.jpg"))
        if model == "flowers":
            files = [file for file in files if split_of_photo(file.name) == "test"]
        for file in chosen(files, PHOTOGRAPHS):
            take(teacher, f"{folder.name}/{file.name}", folder.name, file)
    things = {
        "photos/other": sorted((shared / "photos" / "other").iterdir()),
        "things of other sources": [
            file
            for source in TEST_SOURCES
            for file in sorted((shared / "photos" / "other_things").glob(f"{source}__*.jpg"))
        ][::2],
    }
    for name, files in things.items():
        for file in files:
            take(teacher, f"{name}/{file.name}", OTHER, file)
    known = other_things(base.model.spec, base.base.sha256, len(base.model.head.kernel))
    samples = teacher.samples
    draws = [of_count(samples, teacher.class_names, list(things), known, n) for n in TAUGHT]
    return {"draws": draws, "fit_s": fit_time_s(samples, teacher.class_names, known)}


def chosen(files: Sequence[Path], count: int) -> list[Path]:
    """So many, in an order without meaning."""
    order = np.random.default_rng(1).permutation(len(files))[:count]
    return [files[place] for place in sorted(order)]


def take(teacher: Teacher, name: str, class_name: str, file: Path) -> None:
    picture = cv2.imread(str(file))
    if picture is not None:
        teacher.take(name, class_name, BgrImage(picture))


def of_count(
    samples: Sequence[TaughtSample],
    names: Sequence[str],
    things: Sequence[str],
    known: np.ndarray,
    count: int,
) -> dict[str, Any]:
    """Shares with so many taught of each class, the mean of all draws."""
    found: dict[str, list[float]] = {"teach": [], "named": [], "plain": []}
    named: dict[str, list[float]] = {name: [] for name in things}
    of_class = [[s for s in samples if s.class_index == k] for k in range(len(names))]
    for seed in range(DRAWS):
        rng = np.random.default_rng(seed)
        orders = [rng.permutation(len(own)) for own in of_class]
        taught = [own[i] for own, o in zip(of_class, orders, strict=True) for i in o[:count]]
        others = [own[i] for own, o in zip(of_class, orders, strict=True) for i in o[count:]]
        head = fit_head(taught, TaughtClasses(tuple(names), has_other=True), known).head
        found["teach"].append(share_right(others, pooled_of(others), head, len(names)))
        found["named"].append(share_right(others, pooled_of(others), head, len(names) + 1))
        plain = [TaughtSample(s.name, s.class_index, s.views[:1], s.cells) for s in taught]
        nothing = np.zeros((0, known.shape[1]), np.float32)
        head_of_plain = fit_head(plain, TaughtClasses(tuple(names), has_other=False), nothing).head
        found["plain"].append(share_right(others, pooled_of(others), head_of_plain, len(names)))
        for name in things:
            pooled = pooled_of([s for s in samples if s.name.startswith(f"{name}/")])
            is_named = head.logits(pooled).argmax(1) != len(names)
            named[name].append(float(is_named.mean()))
    shares = {name: float(np.mean(values)) for name, values in found.items()}
    gains = np.subtract(found["teach"], found["plain"])
    interval = float(1.96 * gains.std(ddof=1) / np.sqrt(DRAWS))
    of_things = {name: float(np.mean(values)) for name, values in named.items()}
    return {"pictures": count, "things_named": of_things, "interval": interval, **shares}


def pooled_of(samples: Sequence[TaughtSample]) -> np.ndarray:
    return np.stack([sample.views[0] for sample in samples])


def share_right(
    samples: Sequence[TaughtSample], pooled: np.ndarray, head: Any, among: int
) -> float:
    """The mean share of a class that is right, among the first so many classes."""
    said = head.logits(pooled)[:, :among].argmax(1)
    truth = np.array([sample.class_index for sample in samples])
    return float(np.mean([(said[truth == k] == k).mean() for k in np.unique(truth)]))


def fit_time_s(samples: Sequence[TaughtSample], names: Sequence[str], known: np.ndarray) -> float:
    """The quickest of five: others take the processors, too."""
    taught = [s for s in samples if s.class_index < len(names)][:FIT_SAMPLES]
    classes, times_s = TaughtClasses(tuple(names), has_other=True), []
    for _ in range(5):
        began_s = time.perf_counter()
        fit_head(taught, classes, known)
        times_s.append(time.perf_counter() - began_s)
    return min(times_s)


if __name__ == "__main__":
    json.dump(main(Path(sys.argv[1]), sys.argv[2]), sys.stdout)
