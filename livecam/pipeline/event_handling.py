"""Handling of events of window and page, in order: they change the view or turn the scene."""

from dataclasses import replace
from typing import TYPE_CHECKING

from livecam.core.annotated_frame import AnnotatedFrame
from livecam.core.class_following import ClassFollower
from livecam.core.labels import Labels
from livecam.core.protocols import HasCameras, Turnable
from livecam.core.types import Frame, InferenceResult
from livecam.core.view import View
from livecam.errors import SettingsError
from livecam.pipeline.pipeline import Pipeline

if TYPE_CHECKING:
    from livecam.core.events import ClassTyped, Event

WAIT_SLICE_S = 0.05
"""The longest wait without a look at keys and signals."""


class EventHandler:
    """Applies events, one after the other.

    Attributes:
        view: what the user chose to see, after the last event.
    """

    def __init__(self, pipeline: Pipeline, view: View) -> None:
        """Begin with this view."""
        self._pipeline, self.view = pipeline, view
        self._follower = ClassFollower()

    def is_over(self) -> bool:
        """Whether the user leaves, or a signal asked to stop."""
        return self.view.leaving or self._pipeline.stop_asked()

    def handle_events(self, wait_s: float) -> None:
        """Apply the events that come within this time."""
        pipeline = self._pipeline
        for number, screen in enumerate(pipeline.screens):
            for event in screen.events(0.0 if number else wait_s):
                self._apply(event)
        if not pipeline.screens and wait_s > 0:
            pipeline.sleep(wait_s)

    def await_recorder(self, annotated: AnnotatedFrame) -> bool:
        """Handle events until the recorder has room; False where the user left before."""
        recorder = self._pipeline.recorder
        while recorder is not None and not recorder.wait_until_not_full(annotated, WAIT_SLICE_S):
            self.handle_events(0.0)
            if self.is_over():
                return False
        return True

    def follow(self, frame: Frame, result: InferenceResult) -> None:
        """Show the class that is seen, where the view says so."""
        self.view = self._follower.view_of(self.view, frame, result.network_output)

    def _apply(self, event: "Event") -> None:
        # Late: a run without a screen has no events.
        from livecam.core import key_bindings
        from livecam.core.events import ClassTyped, Drag, SwitchCamera, Wheel
        from livecam.core.setting_messages import setting_message

        before, self.view = self.view, key_bindings.after_event(self.view, event)
        if isinstance(event, ClassTyped):
            self.view = self._after_typing(event)
        if self.view.leaving:
            self._pipeline.on_leaving()
        message = setting_message(event, before, self.view, self._pipeline.model.labels)
        if message:
            self._pipeline.screen_messages.show(message)
        if isinstance(event, SwitchCamera):
            self._switch_camera(event.number)
        scene = self._pipeline.source
        if isinstance(scene, Turnable):
            if isinstance(event, Drag):
                scene.drag(-event.dx_px if self.view.mirror else event.dx_px, event.dy_px)
            elif isinstance(event, Wheel):
                scene.wheel(event.steps)

    def _after_typing(self, typed: "ClassTyped") -> View:
        """The view with what was typed and what it finds, or with the class that was chosen."""
        from livecam.core.class_entry import MOST_FOUND, ClassEntry

        view, labels = replace(self.view, class_entry=None), self._pipeline.labels
        if typed.text is None or labels is None:
            return view
        found = labels.search(typed.text) if typed.text.strip() else []
        if not typed.is_chosen:
            names = tuple(labels.first_names[index] for index in found[:MOST_FOUND])
            return replace(view, class_entry=ClassEntry(typed.text, names), help=False)
        if found:
            return replace(view, class_index=found[0], follows=False)
        if typed.text.strip():
            self._say_why_there_is_none(labels, typed.text)
        return view

    def _say_why_there_is_none(self, labels: Labels, name: str) -> None:
        """Which names are alike, or which other model has the class."""
        try:
            labels.selectable_index_of(name)
        except SettingsError as error:
            self._pipeline.screen_messages.show(str(error))

    def _switch_camera(self, number: int) -> None:
        """Show another camera, and say which, on the terminal, too: a viewer may have asked."""
        source = self._pipeline.source
        if isinstance(source, HasCameras) and source.switch_camera(number):
            self._pipeline.screen_messages.post(f"now showing {source.title}")
