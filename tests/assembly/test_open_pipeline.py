"""Opening the pipeline: keys that are pressed meanwhile have their effect."""

from contextlib import ExitStack, nullcontext
from dataclasses import replace
from types import SimpleNamespace

from support import ScriptedScreen, eventually

from livecam.assembly.open_pipeline import open_pipeline
from livecam.core.events import KeyPress
from livecam.core.map_scale import MapScale
from livecam.core.network_size import MOBILENET_INPUT
from livecam.settings.schema import ModelSettings, Settings, WindowSettings


def test_what_keys_change_while_the_model_is_loaded_is_in_the_first_view(tmp_path, monkeypatch):
    screen = ScriptedScreen([[KeyPress("f"), KeyPress("m")], [KeyPress("s"), KeyPress("n")]])

    def loaded(spec, **_):
        eventually(lambda: not screen.script)  # not before the keys were handled
        return SimpleNamespace(
            spec=spec,
            description="a fake",
            class_choices=(0, 1, 2),
            input_size=MOBILENET_INPUT,
            map_scale=MapScale(),
        )

    monkeypatch.setattr("livecam.assembly.model_from_settings.open_model", loaded)
    monkeypatch.setattr("livecam.assembly.open_pipeline.should_open_window", lambda *_: True)
    monkeypatch.setattr(
        "livecam.assembly.open_source_and_window.open_window", lambda: nullcontext(screen)
    )
    settings = Settings(model=ModelSettings(model="flowers"), window=WindowSettings(window=True))
    output = replace(settings.output, snapshots=tmp_path)
    with ExitStack() as stack:
        _, view = open_pipeline("daisy", replace(settings, output=output), stack)
    assert view.fullscreen
    assert view.mirror
    assert view.snapshots == 1
    # What n walks through is known only now.
    assert (view.class_index, view.class_cycle) == (0, (0, 1, 2))
