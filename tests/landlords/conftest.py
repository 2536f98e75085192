"""The three made-up landlords, each as its officers find it."""

from __future__ import annotations

from datetime import date

import pytest
from worked import Landlord


@pytest.fixture
def clydeford() -> Landlord:
    return Landlord("clydeford", opened={date(2026, 5, 9): "Saturday surgery"})


@pytest.fixture
def strathbrae() -> Landlord:
    return Landlord("strathbrae")


@pytest.fixture
def inch() -> Landlord:
    return Landlord("inch")
