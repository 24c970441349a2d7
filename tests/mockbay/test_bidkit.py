"""A client that knows nothing of us, made from eBay's specifications, gets along with the mock."""

import pytest
from bidkit import EbayAPIError

from mockbay.client import MockServer
from mockbay.operations import OPERATIONS
from support.mockbay_drive import driving
from support.mockbay_endpoint import Endpoint

BY_HAND = {"showConsent", "giveConsent"}


def test_every_operation_is_driven_and_every_answer_parsed(
    mockbay: MockServer, endpoint: Endpoint
) -> None:
    with driving(mockbay) as driver:
        driver.everything(endpoint)
    driven = {entry["op"] for entry in mockbay.journal(bodies=False) if entry["status"] < 400}
    assert {operation.op for operation in OPERATIONS} - BY_HAND - driven == set()


def test_errors_reach_the_client_as_errors(mockbay: MockServer) -> None:
    with driving(mockbay) as driver, pytest.raises(EbayAPIError) as refused:
        driver.user.sell.inventory.get_inventory_item("none")
    assert refused.value.status_code == 404
