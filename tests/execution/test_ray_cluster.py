"""Tasks on a cluster of Ray of two machines, which are processes here; one of them is lost."""

import os
import shutil

import pytest
from archive_workers import make_doubling

from livecam.execution.ray_cluster import RayCluster

ray = pytest.importorskip("ray", reason="Ray is not installed: livecam[ray]")
