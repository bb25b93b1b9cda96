"""Where obligations are discharged: a process pool of this machine, or a Dask cluster.

Serves `prove`. Workers of a cluster need the same version of TinyVerify, and the bundle's folder under the same path.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from tinyverify import __version__

DASK = "dask://"
_CONNECT_SECONDS = 10


class ExecutorError(Exception):
    """An executor that cannot be had, and what to do."""


@contextmanager
def executor(address: str | None, jobs: int) -> Iterator[Executor]:
    """`jobs` spawned processes, or the cluster whose scheduler listens at `address` (dask://host:port).

    Processes are spawned, so that no state of this one leaks into a proof. Raises ExecutorError.
    """
    if address is None:
        with _one_blas_thread(), ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            yield pool
    elif address.startswith(DASK):
        with _cluster(address) as pool:
            yield pool
    else:
        raise ExecutorError(f"--executor {address}: expected {DASK}host:port")


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ImportError:
        raise ExecutorError("--executor needs Dask: pip install 'tinyverify[dask]'") from None
    try:
        client = Client(address.replace(DASK, "tcp://", 1), timeout=_CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise ExecutorError(f"--executor {address}: no scheduler answers: {error}") from error
    with client:
        versions = client.run(_version)
        if not versions:
            raise ExecutorError(f"--executor {address}: the cluster has no worker")
        for worker, version in versions.items():
            if version != __version__:
                raise ExecutorError(
                    f"--executor {address}: worker {worker} has TinyVerify {version}, not {__version__}"
                )
        with client.get_executor(pure=False, retries=0) as pool:
            yield pool


def _version() -> str:
    """TinyVerify's version where this runs."""
    return __version__


@contextmanager
def _one_blas_thread() -> Iterator[None]:
    """Worker processes inherit one BLAS thread each: as many as there are cores would only get in each other's way."""
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")
    kept = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, "1"))
    try:
        yield
    finally:
        for name, value in kept.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
