"""What all tests need before the first one."""

import pytest
from hypothesis import strategies as st


@pytest.fixture(scope="session", autouse=True)
def letters() -> None:
    """Have Hypothesis make its table of all letters, which it keeps in a file.

    On a fresh clone that takes up to two seconds, and it would count them as the slowness of the first test that draws
    a text, and fail it.
    """
    st.text().validate()
