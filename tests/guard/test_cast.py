# SPDX-License-Identifier: MPL-2.0
import pytest

pytestmark = pytest.mark.postgresql


def test_the_cast_is_there(ada, ben, cora, dan, dora, emil):
    assert len(ada.chart(dora).entries) == 1
    assert ben.chart(dora)
