"""`prove --executor`: the same answers from a Dask cluster, and clusters that cannot be had."""

from __future__ import annotations

import json

import pytest
from distributed import LocalCluster

from tests.command_line import tinyverify
from tinyverify import executor
from tinyverify.obligations.obligation import Settings
from tinyverify.prove import prove
from tinyverify.workers import discharge_one


@pytest.fixture(scope="module")
def cluster():
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0", host="127.0.0.1") as running:
        yield running.scheduler_address.replace("tcp://", executor.DASK)


def test_a_cluster_gives_the_same_answers(bundle_folder, cluster):
    path = bundle_folder("cartpole") / "bundle.json"
    here = prove(path, Settings(), "*layout.*", record=False)
    done = tinyverify("prove", path, "--executor", cluster, "--only", "*layout.*", "--json", path.parent / "there.json")
    assert done.returncode == 0, done.stdout + done.stderr
    there = json.loads((path.parent / "there.json").read_text())
    answers = [(o["id"], o["status"], [e["status"] for e in o["engines"]]) for o in there["obligations"]]
    assert answers == [(o.id, o.status, [e.status for e in o.engines]) for o in here.obligations]


def test_a_worker_without_the_bundle_is_an_error_of_the_obligation(bundle_folder, cluster):
    folder = bundle_folder("cartpole")
    with executor.executor(cluster, 1) as pool:
        result = pool.submit(discharge_one, str(folder / "elsewhere.json"), "layout.ram", Settings()).result()[
            "layout.ram"
        ]
    assert result.status == "ERROR" and "elsewhere.json" in result.detail


@pytest.mark.parametrize(
    ("address", "says"), [("dask://127.0.0.1:1", "no scheduler answers"), ("ray://here", "expected dask://host:port")]
)
def test_a_cluster_that_cannot_be_had_ends_with_2(bundle_folder, address, says):
    path = bundle_folder("cartpole") / "bundle.json"
    before = path.read_bytes()
    done = tinyverify("prove", path, "--executor", address)
    assert done.returncode == 2 and says in done.stderr and "Traceback" not in done.stderr
    assert path.read_bytes() == before


def test_workers_of_another_version_are_refused(cluster, monkeypatch):
    monkeypatch.setattr(executor, "__version__", "0.0.0")
    with pytest.raises(executor.ExecutorError, match=r"not 0\.0\.0"), executor.executor(cluster, 1):
        pass


def test_a_cluster_without_workers_is_refused():
    with LocalCluster(n_workers=0, dashboard_address=":0", host="127.0.0.1") as empty:
        address = empty.scheduler_address.replace("tcp://", executor.DASK)
        with pytest.raises(executor.ExecutorError, match="no worker"), executor.executor(address, 1):
            pass
