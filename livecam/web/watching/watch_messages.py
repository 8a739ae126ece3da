"""The messages of the page of watched sources, as types; see also api/response_messages.py."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from livecam.core.watching.watch_event import FileKind
from livecam.web.api.request_messages import RequestMessage
from livecam.web.api.response_messages import Text


class KeepCommand(RequestMessage):
    """Whether no rule may delete an event."""

    kept: bool


class StrongestMessage(BaseModel):
    """The picture of an event in which its class was most probable."""

    at: str = Field(description="when it was taken, ISO 8601")
    into_s: float = Field(description="seconds from the beginning of the clips")
    probability: float
    max: float
    mean: float
    logit: float
    seen: Text
    centre: list[float] | None = Field(description="x, y in pixels of the picture")
    box: list[float] | None = Field(description="x, y, width, height in pixels of the picture")
    frame_size: list[int] = Field(description="width, height")


class EventMessage(BaseModel):
    """An event, as a line of events.jsonl has it, without the paths of its files."""

    model_config = ConfigDict(populate_by_name=True)

    event: str = Field(description="its id")
    class_: Text = Field(alias="class")
    camera: Text
    state: Literal["open", "ended", "cut"]
    day: str = Field(description="the day on which it began, where the camera stands")
    start: str = Field(description="ISO 8601")
    end: str | None
    duration_s: float | None = Field(description="none while it goes on")
    looks: int
    why: Text
    source: Text
    kept: bool
    strongest: StrongestMessage | None
    files: dict[FileKind, Text] = Field(description="names of those that are there")


class EventPage(BaseModel):
    """Some events, newest first."""

    events: list[EventMessage]
    more: bool = Field(description="whether there are more beyond: older, with `before` newer")


class DayCount(BaseModel):
    """How many events a day has."""

    day: str
    events: int
    hours: list[int] = Field(min_length=24, max_length=24, description="that began in each hour")


class NameCount(BaseModel):
    """How many events a class or a camera has."""

    name: Text
    events: int


class EventCountsMessage(BaseModel):
    """How many events there are, for the choices of a filter."""

    days: list[DayCount] = Field(description="newest first")
    classes: list[NameCount]
    cameras: list[NameCount]


class HourMessage(BaseModel):
    """One class in one hour of a day."""

    model_config = ConfigDict(populate_by_name=True)

    hour: int = Field(ge=0, lt=24, description="by the clock on the wall")
    class_: Text = Field(alias="class")
    events: int = Field(description="that began in it, also those that were deleted since")
    event_s: float = Field(description="how long they were together")
    looks: int
    probability_mean: float | None
    probability_max: float | None


class DayMapMessage(BaseModel):
    """Where the evidence for a class lay over a day."""

    model_config = ConfigDict(populate_by_name=True)

    class_: Text = Field(alias="class")
    looks: int = Field(description="of how many it is the mean")
    file: str
    version: str = Field(description="another one as soon as the file has changed")


class TimelapseMessage(BaseModel):
    """A time-lapse."""

    file: str
    version: str = Field(description="another one as soon as the file has changed")


class CameraDayMessage(BaseModel):
    """What was recorded of a camera on a day."""

    camera: Text
    hours: list[HourMessage]
    maps: list[DayMapMessage]
    timelapses: list[TimelapseMessage]


class DayMessage(BaseModel):
    """What was recorded of a day."""

    day: str
    cameras: list[CameraDayMessage]


class WatchOverview(BaseModel):
    """What does not change."""

    version: str
    title: Text
    watching: bool = Field(description="whether cameras are watched, or only events shown")
    asks_token: bool = Field(description="whether clients have to prove a token")


class CameraMessage(BaseModel):
    """A watched camera."""

    name: Text
    title: Text
    conditions: list[Text] = Field(description="what makes an event")
    number: int = Field(description="counts its pictures; 0 before the first")
    at: str | None = Field(description="when the last one was taken, ISO 8601")
    seen: Text = Field(description="the most probable class; empty before the first picture")
    classes: dict[str, float] = Field(description="probability of each class of the conditions")
    width: int
    height: int
    still: bool = Field(description="the picture stands still, so nothing is looked at")
    waiting_for: Text = Field(description="what is waited for, empty while pictures come")
    going_on: list[str] = Field(description="ids of the events that go on")
    events: int = Field(description="how many began since the program did")
    over: bool = Field(description="whether it is watched no longer")


class WatchStateMessage(BaseModel):
    """Everything that changes."""

    revision: int = Field(description="counts changes of the events")
    going_on: int = Field(description="how many events go on")
    problem: Text = Field(description="what makes /healthz red, empty for nothing")
    cameras: list[CameraMessage]
