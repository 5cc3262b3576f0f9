"""What the tests of effectiveness share."""

import pytest

from tools.simulator.shop import simulate_shop
from tools.simulator.shop_spec import ShopSpec


@pytest.fixture(scope="session")
def shop():
    """The sample's shop."""
    return simulate_shop(ShopSpec())
