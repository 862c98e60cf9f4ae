"""Work shared between processes."""

from __future__ import annotations

import os
import time

import pytest

from wasm2py.errors import Wasm2pyError
from wasm2py.jobs import map_in_order


def _late_if_early(item: int) -> tuple[int, int]:
    time.sleep(0.05 if item % 3 == 0 else 0)  # so that later items are done first
    return item * item, os.getpid()


def test_results_come_in_order_from_other_processes() -> None:
    results = list(map_in_order(_late_if_early, range(9), 3))
    assert [square for square, _ in results] == [n * n for n in range(9)]
    assert os.getpid() not in {process for _, process in results}


def test_one_job_or_item_needs_no_process() -> None:
    assert {process for _, process in map_in_order(_late_if_early, range(3), 1)} == {os.getpid()}
    assert [process for _, process in map_in_order(_late_if_early, [1], 4)] == [os.getpid()]
    assert list(map_in_order(_late_if_early, [], 4)) == []


def _fail(item: int) -> int:
    if item == 2:
        time.sleep(0.1)
    if item >= 2:
        raise KeyError(item)
    return item


def test_the_first_failure_counts() -> None:
    results = map_in_order(_fail, range(8), 4)
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(KeyError, match="2"):
        next(results)


def _die(item: int) -> int:
    os._exit(9)


def test_a_killed_worker_is_an_error_of_ours() -> None:
    with pytest.raises(Wasm2pyError, match="use fewer jobs"):
        list(map_in_order(_die, range(4), 2))
