"""Where a path leads, for links of every kind."""

import os
from pathlib import Path


def real_path(path: Path) -> Path:
    """The absolute path with every link followed; of links in a circle, as far as they lead.

    Path.resolve() raises RuntimeError for a circle before Python 3.13, which nobody expects of a
    path: whoever opens the file afterwards gets the OSError that is reported.

    Raises:
        OSError: the current folder is gone, and the path depends on it.
    """
    return Path(os.path.realpath(path))
