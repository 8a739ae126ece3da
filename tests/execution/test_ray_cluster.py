"""Tasks on a cluster of Ray of two machines, which are processes here; one of them is lost."""

import pytest


ray = pytest.importorskip("ray", reason="Ray is not installed: livecam[ray]")
