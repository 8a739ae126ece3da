"""Where a batch runs: in processes of this machine, or on a cluster of Ray."""

import os
from collections.abc import Callable
from functools import partial

from livecam.assembly.packed_model import PackedModel
from livecam.assembly.part_task import PartResult, PartSettings, PartTask, PartWorker
from livecam.errors import SettingsError
from livecam.execution.process_pool import ProcessPool
from livecam.execution.task_runner import TaskRunner

Say = Callable[[str], None]


def open_runner(
    packed: PackedModel,
    settings: PartSettings,
    processes: int | None,
    ray: str | None,
    say: Say,
) -> TaskRunner[PartTask, PartResult]:
    """What runs the tasks; to be entered.

    Args:
        packed: the network.
        settings: what is measured.
        processes: so many on this machine; None for one per core.
        ray: address of a cluster, or "auto"; None for this machine.
        say: receives a line about the cluster.

    Raises:
        SettingsError: both were given, or Ray is not installed.
    """
    if ray is None:
        cores = usable_cores()
        workers = processes or cores
        threads = packed.choice.settings.threads or max(1, cores // workers)
        return ProcessPool[PartTask, PartResult](
            partial(PartWorker, packed, settings, threads), workers
        )
    if processes is not None:
        raise SettingsError("--processes is for this machine alone: leave it out with --ray.")
    from livecam.execution.ray_cluster import RayCluster

    threads = packed.choice.settings.threads or 1
    make = partial(PartWorker, packed.with_content(), settings, threads)
    return RayCluster[PartTask, PartResult](make, ray, threads, say)


def usable_cores() -> int:
    """Processor cores that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1
