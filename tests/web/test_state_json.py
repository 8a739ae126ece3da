"""What the page is told of the heat: the very numbers that the picture was drawn with."""

from dataclasses import replace
from datetime import datetime

import pytest
from core.drawn_frames import VIEW, annotated

from livecam.core.annotated_frame import RecorderState
from livecam.sinks.recording_index import RecordingIndex
from livecam.web.api.state_json import state_of
from livecam.web.streaming.frame_hub import LatestFrame


def state(view, tmp_path):
    frame = LatestFrame(1, annotated(view=view), 0.0, RecorderState(), "")
    files = RecordingIndex(tmp_path, began=datetime.now().astimezone())
    return state_of(frame, age_s=0.0, viewers=1, files=files)


@pytest.mark.parametrize("auto", [False, True])
def test_of_another_scale_the_page_gets_the_setting_and_the_gain_that_was_drawn(auto, tmp_path):
    usual = state(replace(VIEW, act_max=6.0, auto=auto), tmp_path)
    assert (usual.gain, usual.settings.gain) == (0.1, 0.1)
    fitted = state(replace(VIEW, act_max=6.0, auto=auto, gain_is_relative=True), tmp_path)
    assert fitted.settings.gain == 0.1
    assert fitted.gain * fitted.reference == pytest.approx(3.6, rel=0.01)
