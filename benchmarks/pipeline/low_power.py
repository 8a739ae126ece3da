"""What the settings for small machines save: processor time of a frame of the clip."""

import json
from typing import Any

from benchmarks.child import ROOT, python
from benchmarks.make import Scratch
from benchmarks.table import Row

FRAMES = 130


def small_rows(place: Scratch) -> list[Row]:
    """One row for each way, the first is the yardstick."""
    wide, narrow = ["--weights", place.weights], ["--weights", place.small_weights]
    config = ["--config", ROOT / "configs" / "low_power.toml"]
    ways: dict[str, list[Any]] = {
        "as it is (alpha 1.0)": wide,
        "`--every 2`": [*wide, "--every", 2],
        "`--every 4`": [*wide, "--every", 4],
        "`--precision int8`": [*wide, "--precision", "int8"],
        "`--rate-limit 10`": [*wide, "--rate-limit", 10],
        "`--config configs/low_power.toml`": [*config, *narrow],
    }
    rows = []
    for name, flags in ways.items():
        bench = ["-m", "livecam", "bench", place.clip, "--no-encode", "--json", "--frames", FRAMES]
        found = json.loads(python([*bench, *flags], place).stdout)
        told = f"{found['processor_ms']:.1f} ms of processor a frame, {found['fps']:.0f} FPS"
        told += f", {100 * found['cores']:.0f} % of a core"
        rows.append(Row(f"clip without encoding, {name}", "", told))
    return rows
