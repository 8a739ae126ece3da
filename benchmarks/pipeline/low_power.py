"""What the settings for small machines save: processor time of a frame of the clip."""

from typing import Any

from benchmarks.harness.subprocesses import json_of
from benchmarks.inputs.scratch_folder import ROOT, ScratchFolder
from benchmarks.report.tables import Row

FRAMES = 130


def rows(scratch: ScratchFolder) -> list[Row]:
    """One row for each setting; the first is the default."""
    wide, narrow = ["--weights", scratch.weights], ["--weights", scratch.small_weights]
    config = ["--config", ROOT / "configs" / "low_power.toml"]
    flags_of: dict[str, list[Any]] = {
        "as it is (alpha 1.0)": wide,
        "`--every 2`": [*wide, "--every", 2],
        "`--every 4`": [*wide, "--every", 4],
        "`--precision int8`": [*wide, "--precision", "int8"],
        "`--rate-limit 10`": [*wide, "--rate-limit", 10],
        "`--config configs/low_power.toml`": [*config, *narrow],
    }
    return [setting_row(name, flags, scratch) for name, flags in flags_of.items()]


def setting_row(name: str, flags: list[Any], scratch: ScratchFolder) -> Row:
    bench = ["-m", "livecam", "bench", scratch.clip, "--no-encode", "--json", "--frames", FRAMES]
    found = json_of([*bench, *flags], scratch)
    measured = f"{found['processor_ms']:.1f} ms of processor a frame, {found['fps']:.0f} FPS"
    measured += f", {100 * found['cores']:.0f} % of a core"
    return Row(f"clip without encoding, {name}", "", measured)
