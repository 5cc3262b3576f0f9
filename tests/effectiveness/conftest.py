"""What the tests of effectiveness share."""

import pytest

from calltrack_nb.testing.shop import simulate_shop
from calltrack_nb.testing.shop_spec import ShopSpec


@pytest.fixture(scope="session")
def shop():
    """The sample's shop."""
    return simulate_shop(ShopSpec())
