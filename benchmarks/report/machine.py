"""The machine that is measured on, in one line: processor, memory, system, versions."""

import os
import platform
import re
from importlib import metadata
from pathlib import Path

import psutil

PACKAGES = ("ai-edge-litert", "tensorflow", "onnxruntime", "openvino", "opencv-python", "av")


def machine_description() -> str:
    """Processor, cores, memory, system, and the versions that matter."""
    parts = [processor(), f"{os.cpu_count()} cores"]
    parts += [f"{psutil.virtual_memory().total / 2**30:.0f} GiB"]
    parts += [f"{platform.system()} {platform.machine()}", f"Python {platform.python_version()}"]
    return ", ".join(parts) + "; " + ", ".join(versions())


def processor() -> str:
    """The processor's own name."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        found = re.search(r"model name\s*:\s*(.+)", cpuinfo.read_text())
        if found:
            return found[1].strip()
    return platform.processor() or platform.machine()


def versions() -> list[str]:
    """Of the packages that are compared."""
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
    return found


def load_average() -> float:
    """How many processes wanted a core, on average over the last minute."""
    return psutil.getloadavg()[0]
