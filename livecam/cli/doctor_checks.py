"""The checks of `livecam doctor`: libraries, window, engines, encoders, cameras, models, disk."""

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
    """The result of one check.

    Attributes:
        name: what was checked.
        state: "ok"; "warn" where something is missing; "bad" where the main job cannot run.
        found: the result.
        do: what the user can do; "" for nothing.
    """

    name: str
    state: State
    found: str
    do: str = ""


def all_checks() -> Iterator[Check]:
    """Every check, one after the other.

    A check that raises is bad only where the main job needs what it checks.
    """
    checks: list[tuple[Callable[[], Iterator[Check]], str, State]] = [
        (versions, "libraries", "warn"),
        (wheels, "OpenCV wheels", "warn"),
        (display, "window", "warn"),
        (engine, "engine", "bad"),
        (other_engine, "other engine", "warn"),
        (encoders, "encoders", "warn"),
        (cameras, "cameras", "warn"),
        (microphones, "microphones", "warn"),
        (weights, "models", "warn"),
        (places, "places", "warn"),
    ]
    for check, name, state in checks:
        try:
            yield from check()
        except Exception as error:  # one broken check must not hide the others
            found = f"the check itself failed: {type(error).__name__}: {error}"
            yield Check(name, state, found, "pip install --force-reinstall livecam; else report it")


def versions() -> Iterator[Check]:
    """Python, the system, and the important libraries."""
    yield Check("Python", "ok", f"{platform.python_version()} on {platform.platform(terse=True)}")
    names = ("livecam", "opencv-python", "av", "ai-edge-litert", "tensorflow", "numpy")
    found = {name: _version(name) for name in names}
    listing = ", ".join(f"{name} {version or 'missing'}" for name, version in found.items())
    missing = [name for name in ("av", "ai-edge-litert", "numpy") if not found[name]]
    if missing:
        yield Check("libraries", "bad", listing, f"pip install {' '.join(missing)}")
    else:
        yield Check("libraries", "ok", listing)


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def wheels(installed: Callable[[str], str] = _version) -> Iterator[Check]:
    """Whether one wheel of OpenCV is installed: several overwrite each other's files."""
    kinds = ("opencv-python", "opencv-contrib-python")
    found = [name for kind in kinds for name in (kind, f"{kind}-headless") if installed(name)]
    if len(found) > 1:
        extra = [name for name in found if name != "opencv-python"]
        yield Check(
            "OpenCV wheels", "warn", f"{' and '.join(found)} overwrite each other",
            f"pip uninstall -y {' '.join(extra)} && pip install --force-reinstall opencv-python",
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
    from livecam.sinks.display_check import display_problem

    problem = display_problem()
    if problem:
        yield Check(
            "window", "warn", problem,
            "run it on a desktop, or use --no-window with --record or --stats",
        )  # fmt: skip
        return
    from livecam.sinks.pygame_setup import pygame

    version = ".".join(map(str, pygame.version.SDL))
    yield Check("window", "ok", f"SDL {version} (pygame-ce {pygame.version.ver})")


def engine() -> Iterator[Check]:
    """GPU, and the speed of the bundled model."""
    from livecam.engines.selection import engine_for_machine, gpu_may_exist

    version = _version("tensorflow")
    missing = "" if version else " (TensorFlow is not installed)"
    has = gpu_may_exist()
    yield Check(
        "GPU", "ok", f"there may be one{missing}" if has else "none; the network runs on the CPU"
    )
    name, reason = engine_for_machine("auto")
    speed, rate = _speed(name)
    if rate < FEW_FPS:
        do = "close other programs; try --alpha 0.5 or 0.25"
        yield Check("engine", "warn", f"{speed} ({reason})", do)
    else:
        yield Check("engine", "ok", f"{speed} ({reason})")


def other_engine() -> Iterator[Check]:
    """The speed of the engine that auto does not choose."""
    from livecam.engines.selection import engine_for_machine

    if _version("tensorflow"):
        other = "litert" if engine_for_machine("auto")[0] == "tensorflow" else "tensorflow"
        yield Check("other engine", "ok", _speed(other)[0])
    else:
        yield Check(
            "other engine", "warn", "TensorFlow is not installed",
            "pip install tensorflow, for a GPU and for converting imagenet",
        )  # fmt: skip


def _speed(name: str) -> tuple[str, float]:
    """The speed of the bundled model in an engine: as text, and in frames per second."""
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
    """Which encoder is used for each codec."""
    from livecam.sinks.recording.encoder import working_encoders

    works = working_encoders()
    listing = ", ".join(f"{codec} by {name}" for codec, name in works.items())
    if "h264" in works:
        yield Check("encoders", "ok", listing)
    else:
        yield Check("encoders", "warn", listing or "none", "pip install --force-reinstall av")


def cameras(dev: Path = Path("/dev")) -> Iterator[Check]:
    """Which cameras are attached, and whether the user may open them."""
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
        return True  # there is no such group here: permissions are granted in another way


def microphones() -> Iterator[Check]:
    """Which microphones --microphone can record; they are not necessary for anything else."""
    from livecam.errors import SettingsError, SourceError
    from livecam.sources.microphone.portaudio import choose_microphone, list_microphones

    if not _version("sounddevice"):
        do = 'for recordings of a camera with sound: pip install "livecam[microphone]"'
        yield Check("microphones", "ok", "sounddevice is not installed", do)
        return
    try:
        listed = list_microphones()
        default = choose_microphone("", listed).name
    except (SettingsError, SourceError) as error:
        what, _, do = str(error).partition(": ")
        yield Check("microphones", "warn", what, do)
        return
    others = f", and {len(listed) - 1} more: livecam microphones" * (len(listed) > 1)
    yield Check("microphones", "ok", f"{default}{others}")


def weights() -> Iterator[Check]:
    """Which models are ready offline, above all the default one."""
    from livecam.models.availability import model_states
    from livecam.models.catalogue import spec_of

    states = model_states()
    ready = "ready offline: " + (", ".join(s.spec.title for s in states if s.is_ready) or "none")
    default = spec_of("imagenet").title
    if any(state.is_ready and state.spec.title == default for state in states):
        yield Check("models", "ok", ready)
    else:
        yield Check(
            "models", "warn", f"{ready}; livecam without --model has to fetch {default} first",
            "livecam models fetch imagenet; without a network: livecam demo, or --model flowers",
        )  # fmt: skip


def places() -> Iterator[Check]:
    """Whether cache and current folder can be written, and have free space."""
    from livecam.models.export_cache import cache_folder

    for name, folder in (("cache", cache_folder()), ("this folder", Path.cwd())):
        nearest = next(path for path in (folder, *folder.parents) if path.exists())
        free_mb = shutil.disk_usage(nearest).free / MEGABYTE
        found = f"{folder}, {free_mb / 1000:.0f} GB free"
        if not os.access(nearest, os.W_OK):
            do = (
                "set LIVECAM_CACHE to another folder"
                if name == "cache"
                else "change to another one"
            )
            yield Check(name, "warn", f"{folder} cannot be written", do)
        elif free_mb < LITTLE_DISK_MB:
            yield Check(
                name, "warn", f"{folder}, {free_mb:.0f} MB free", "free some space on the disk"
            )
        else:
            yield Check(name, "ok", found)
