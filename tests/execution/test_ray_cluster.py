"""A batch on Ray over two machines, which are processes here; one of them is lost on the way."""

import importlib.util
import json
import os
import subprocess
import sys

import pytest
from archive_workers import make_doubling
from support import ROOT, program_env

from livecam.execution.ray_cluster import RayCluster

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("ray") is None, reason="Ray is not installed: livecam[ray]"
)
MACHINE = {"num_cpus": 1, "object_store_memory": 100_000_000}


def test_rows_are_those_of_the_process_pool_when_a_machine_is_lost():
    run = subprocess.run(
        [sys.executable, "-m", "end_to_end.archive_soak", "ray", "60"],
        env=program_env({"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}),
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    (line,) = run.stdout.splitlines()  # nothing of the log of the machine that was lost
    found = json.loads(line)
    assert found["exit_code"] == 0, run.stderr
    assert found["moments_are_right"]
    assert found["rows_are_equal"]


def test_machines_that_come_and_go_are_said_and_tasks_go_on(monkeypatch):
    from ray.cluster_utils import Cluster

    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), str(ROOT / "tests")]))
    cluster, said, doubled = Cluster(initialize_head=True, head_node_args=MACHINE), [], []

    def work_until(word: str) -> None:
        while not any(word in line for line in said):
            runner.submit(len(doubled))
            doubled.extend(outcome.result for outcome in runner.outcomes(10.0))

    try:
        second = cluster.add_node(**MACHINE)
        with RayCluster(make_doubling, cluster.address, 1, said.append) as runner:
            assert said == ["Ray: 2 machines, 2 tasks at a time"]
            cluster.remove_node(second, allow_graceful=False)
            work_until("lost")
            assert runner.workers == 1
            cluster.add_node(**MACHINE)
            work_until("more")
            assert runner.workers == 2
    finally:
        cluster.shutdown()
    assert said[1:] == [
        "Ray lost 1 machine, 1 machine now: its tasks begin again",
        "Ray has 1 machine more, 2 machines now",
    ]
    assert doubled == [2 * number for number in range(len(doubled))]


def test_tasks_for_which_no_machine_has_the_cores_are_said_to_wait():
    from ray.cluster_utils import Cluster

    cluster, said = Cluster(initialize_head=True, head_node_args=MACHINE), []
    try:
        with RayCluster(make_doubling, cluster.address, 4, said.append):
            assert said[-1] == "Ray: no machine has the 4 cores of a task: waiting for one that has"
    finally:
        cluster.shutdown()
