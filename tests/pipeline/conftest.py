"""What the suite of the pipeline shares."""

import pytest
from support import WAIT_S

from livecam.pipeline import prefetch


@pytest.fixture(autouse=True)
def no_moment_without_a_frame(monkeypatch):
    """On a busy machine a thread is late, and the loop would take keys of a script meanwhile."""
    monkeypatch.setattr(prefetch, "IDLE_S", WAIT_S)
