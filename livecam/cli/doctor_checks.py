"""What `livecam doctor` looks at: each check says how it is and what to do."""

import importlib.metadata
import os
import platform
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

State = Literal["ok", "warn", "bad"]
MEGABYTE = 1_000_000
LITTLE_DISK_MB = 1000
FEW_FPS = 15.0


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: what.
        state: "ok"; "warn" where something cannot be had; "bad" where the main job cannot run.
        found: how it is.
        do: what to do about it; "" where nothing is to be done.
    """

    name: str
    state: State
    found: str
    do: str = ""


def all_checks() -> Iterator[Check]:
    """Every check, one after the other.

    One that fails itself is bad only where the main job needs what it looks at.
    """
    checks: list[tuple[Callable[[], Iterator[Check]], str, State]] = [
        (versions, "libraries", "warn"),
        (wheels, "OpenCV wheels", "warn"),
        (display, "window", "warn"),
        (engine, "engine", "bad"),
        (other_engine, "other engine", "warn"),
        (encoders, "encoders", "warn"),
        (cameras, "cameras", "warn"),
        (weights, "models", "warn"),
        (places, "places", "warn"),
    ]
    for look, name, state in checks:
        try:
            yield from look()
        except Exception as error:  # a doctor must not fall ill
            told = f"the check itself failed: {type(error).__name__}: {error}"
            yield Check(name, state, told, "pip install --force-reinstall livecam; else report it")


def versions() -> Iterator[Check]:
    """Python, the system, and the libraries that matter."""
    yield Check("Python", "ok", f"{platform.python_version()} on {platform.platform(terse=True)}")
    names = ("livecam", "opencv-python", "av", "ai-edge-litert", "tensorflow", "numpy")
    found = {name: _version(name) for name in names}
    told = ", ".join(f"{name} {version or 'missing'}" for name, version in found.items())
    lacking = [name for name in ("av", "ai-edge-litert", "numpy") if not found[name]]
    if lacking:
        yield Check("libraries", "bad", told, f"pip install {' '.join(lacking)}")
    else:
        yield Check("libraries", "ok", told)


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def wheels(installed: Callable[[str], str] = _version) -> Iterator[Check]:
    """OpenCV's wheels overwrite each other's files."""
    kinds = ("opencv-python", "opencv-contrib-python")
    found = [name for kind in kinds for name in (kind, f"{kind}-headless") if installed(name)]
    if len(found) > 1:
        away = [name for name in found if name != "opencv-python"]
        yield Check(
            "OpenCV wheels", "warn", f"{' and '.join(found)} overwrite each other",
            f"pip uninstall -y {' '.join(away)} && pip install --force-reinstall opencv-python",
        )  # fmt: skip
    elif found and found[0].endswith("headless"):
        yield Check(
            "OpenCV wheels", "warn", f"{found[0]} has no windows",
            f"pip uninstall -y {found[0]} && pip install opencv-python",
        )  # fmt: skip
    else:
        yield Check("OpenCV wheels", "ok", found[0] if found else "OpenCV is not from a wheel")


def display() -> Iterator[Check]:
    """Window toolkit and display."""
    from livecam.sinks.display import display_problem

    problem = display_problem()
    if problem:
        yield Check(
            "window", "warn", problem,
            "run it on a desktop, or use --no-window with --record or --stats",
        )  # fmt: skip
        return
    from livecam.sinks.sdl_library import pygame

    version = ".".join(map(str, pygame.version.SDL))
    yield Check("window", "ok", f"SDL {version} (pygame-ce {pygame.version.ver})")


def engine() -> Iterator[Check]:
    """GPU, and the speed of the bundled model."""
    from livecam.engines.choice import choose_engine, gpu_may_exist

    version = _version("tensorflow")
    missing = "" if version else " (TensorFlow is not installed)"
    has = gpu_may_exist()
    yield Check("GPU", "ok", f"one may be there{missing}" if has else "none; the CPU does it")
    taken, reason = choose_engine("auto")
    told, rate = _speed(taken)
    if rate < FEW_FPS:
        do = "close other programs; try --alpha 0.5 or 0.25"
        yield Check("engine", "warn", f"{told} ({reason})", do)
    else:
        yield Check("engine", "ok", f"{told} ({reason})")


def other_engine() -> Iterator[Check]:
    """The speed in the engine that is not taken."""
    from livecam.engines.choice import choose_engine

    if _version("tensorflow"):
        other = "litert" if choose_engine("auto")[0] == "tensorflow" else "tensorflow"
        yield Check("other engine", "ok", _speed(other)[0])
    else:
        yield Check(
            "other engine", "warn", "TensorFlow is not installed",
            "pip install tensorflow, for a GPU and for converting imagenet",
        )  # fmt: skip


def _speed(name: str) -> tuple[str, float]:
    """The bundled model in an engine: in words, and in frames per second."""
    import numpy as np

    from livecam.assembly.open_model import open_model
    from livecam.core.types import RgbImage
    from livecam.models.catalogue import flowers_spec

    model = open_model(flowers_spec(), engine=name)
    rgb = RgbImage(np.zeros((224, 224, 3), np.uint8))
    model.measure(rgb, 0)
    began, count = time.perf_counter(), 0
    while count < 5 or (time.perf_counter() - began < 0.5 and count < 200):
        model.measure(rgb, 0)
        count += 1
    rate = count / (time.perf_counter() - began)
    return f"{model.description}: {rate:.0f} frames per second", rate


def encoders() -> Iterator[Check]:
    """Which encoder would record."""
    from livecam.sinks.recording.encoders import working_encoders

    works = working_encoders()
    told = ", ".join(f"{codec} by {name}" for codec, name in works.items())
    if "h264" in works:
        yield Check("encoders", "ok", told)
    else:
        yield Check("encoders", "warn", told or "none", "pip install --force-reinstall av")


def cameras(dev: Path = Path("/dev")) -> Iterator[Check]:
    """What is attached, and whether it may be used."""
    from livecam.sources.camera.advice import advice_for
    from livecam.sources.camera.listing import list_cameras

    attached, problem = list_cameras()
    if problem:
        yield Check(
            "cameras",
            "warn",
            f"they cannot be listed: {problem}",
            "open one by its number: livecam 0",
        )
    elif not attached:
        yield Check("cameras", "warn", "none", advice_for("0"))
    for camera in attached:
        path = Path(camera.path)
        allowed = not camera.path.startswith("/dev/") or os.access(path, os.R_OK | os.W_OK)
        do = "" if allowed else advice_for(camera.path)
        yield Check(
            f"camera {camera.number}", "ok" if allowed else "warn",
            f"{camera.name} {camera.path}".strip(), do,
        )  # fmt: skip
    if sys.platform == "linux" and any(dev.glob("video*")) and not _in_group_video():
        yield Check(
            "group video", "warn", "you are not in it",
            "sudo usermod -aG video $USER, then log in again",
        )  # fmt: skip


def _in_group_video() -> bool:
    import grp

    try:
        return os.geteuid() == 0 or grp.getgrnam("video").gr_gid in os.getgroups()
    except KeyError:
        return True  # no such group here: permissions are given in another way


def weights() -> Iterator[Check]:
    """Which models are ready without a network, above all the one of plain `livecam`."""
    from livecam.models.catalogue import spec_of
    from livecam.models.overview import model_states

    states = model_states()
    told = "ready offline: " + (", ".join(s.spec.title for s in states if s.is_ready) or "none")
    usual = spec_of("imagenet").title
    if any(state.is_ready and state.spec.title == usual for state in states):
        yield Check("models", "ok", told)
    else:
        yield Check(
            "models", "warn", f"{told}; plain livecam has to fetch {usual} first",
            "livecam models fetch imagenet; without a network: livecam demo, or --model flowers",
        )  # fmt: skip


def places() -> Iterator[Check]:
    """Cache and present folder: may they be written, and is there room."""
    from livecam.models.export import cache_folder

    for name, folder in (("cache", cache_folder()), ("this folder", Path.cwd())):
        nearest = next(path for path in (folder, *folder.parents) if path.exists())
        free_mb = shutil.disk_usage(nearest).free / MEGABYTE
        told = f"{folder}, {free_mb / 1000:.0f} GB free"
        if not os.access(nearest, os.W_OK):
            do = "choose another folder: set LIVECAM_CACHE" if name == "cache" else "go to another"
            yield Check(name, "warn", f"{folder} cannot be written", do)
        elif free_mb < LITTLE_DISK_MB:
            yield Check(name, "warn", f"{folder}, {free_mb:.0f} MB free", "make room on the disk")
        else:
            yield Check(name, "ok", told)
