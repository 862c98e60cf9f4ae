"""Options of the test runs."""

from __future__ import annotations

import hypothesis
import pytest

# A machine that is busy with something else for a moment is no failure.
hypothesis.settings.register_profile("wasm2py", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("wasm2py")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the expected texts of the golden cases")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.timeout(0))
