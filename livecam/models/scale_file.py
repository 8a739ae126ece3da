"""How large the maps of a network are: measured once, kept beside its export."""

import json
import math
from contextlib import suppress
from pathlib import Path

from livecam.models.cache_folders import make_own_file

SCALE_FILE = "scale.json"


def read_scale(folder: Path) -> float | None:
    """The activation that is shown at full brightness; None where it was not measured."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        found = float(json.loads((folder / SCALE_FILE).read_text("utf-8"))["act-max"])
        return found if math.isfinite(found) else None
    return None


def keep_scale(folder: Path, act_max: float, pictures: int) -> bool:
    """Keep it for the next run; whether that succeeded.

    Args:
        folder: of the export.
        act_max: what was measured.
        pictures: on how many.
    """
    with suppress(OSError):
        path = folder / SCALE_FILE
        path.write_text(json.dumps({"act-max": act_max, "pictures": pictures}), "utf-8")
        make_own_file(path)
        return True
    return False
