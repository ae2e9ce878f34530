"""What the tests share: a short pair scenario, and no warnings let through."""
import pytest

import pairsabides as pab

OVERRIDES = {"pair.quantity": 400, "pair.warmup": "30s", "pair.horizon": "60s"}


@pytest.fixture(scope="session")
def scenario():
    return pab.Scenario("pair", OVERRIDES)
