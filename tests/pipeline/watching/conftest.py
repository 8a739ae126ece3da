"""What the suite of watching shares."""

import pytest


from pipeline.watching.scripted_garden import garden_in


@pytest.fixture
def garden(tmp_path):
    with garden_in(tmp_path / "events") as made:
        yield made
