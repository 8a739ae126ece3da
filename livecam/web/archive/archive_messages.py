"""The messages of the page of an archive, as types."""

from pydantic import BaseModel, Field

from livecam.web.api.response_messages import Text


class TableMessage(BaseModel):
    """What an archive has of one set of settings."""

    settings: Text = Field(description="what stands for them")
    words: Text = Field(description="what they are")


class ArchiveMessage(BaseModel):
    """What an archive has."""

    title: Text
    classes: list[Text] = Field(description="whose figures it has")
    made_with: Text = Field(description="network and looks a second, in words")
    parts: int = Field(description="so many part files")
    settings: Text = Field(description="what stands for the settings that are shown")
    tables: list[TableMessage] = Field(description="each that the archive has, the newest first")
    asks_token: bool = Field(description="whether clients have to prove a token")


class DayMessage(BaseModel):
    """The moments of a day."""

    day: str = Field(description="2026-07-01, local time; unknown for clips without a time of day")
    moments: int
    seconds: float = Field(description="how long they last together")


class FiguresMessage(BaseModel):
    """The figures of a class in the strongest look."""

    class_name: Text
    probability: float
    max: float
    mean: float
    logit: float


class MomentMessage(BaseModel):
    """A moment; its picture and its clip are at moments/SEARCH/NUMBER/picture.jpg and /clip."""

    number: int = Field(description="its place among all moments of the search")
    clip: Text = Field(description="the file's name")
    day: str
    start: str | None = Field(description="ISO 8601; none for a clip without a time of day")
    start_s: float = Field(description="in the clip")
    end_s: float
    looks: int
    strongest_s: float = Field(description="the strongest look in the clip")
    seen: Text
    figures: list[FiguresMessage]
    playable: bool = Field(description="whether the clip is there")
    of_clip: bool = Field(description="false of a picture: it has no place in a clip, no length")


class MomentPage(BaseModel):
    """Some moments of a search."""

    search: str = Field(description="its id")
    condition: Text
    count: int = Field(description="of all moments")
    seconds: float = Field(description="how long all last together")
    days: list[DayMessage]
    notices: list[Text] = Field(description="what is left out")
    moments: list[MomentMessage]
    more: bool = Field(description="whether there are later ones")
