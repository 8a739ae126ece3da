"""Here the scene itself is tested: each source builds its own."""

import pytest

from livecam.sources.synthetic.scene import build_scene


@pytest.fixture(autouse=True)
def scenes_are_built_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere they are built once, see tests/conftest.py."""
    monkeypatch.setattr("livecam.sources.synthetic.source.build_scene", build_scene)
