"""What guests get of the messages: nothing that names the owner's files, cameras or addresses."""

from livecam.web.api.response_messages import ActivationMap, State

LOST = "the source is lost: it is opened again"
"""For guests, instead of its name and of what the network says of it."""


def state_for_guests(state: State) -> State:
    """The state without the source's name, its place, and messages that may name files."""
    return state.model_copy(
        update={
            "source": "",
            "place": "",
            "notice": "",
            "waiting_for": [LOST] if state.waiting_for else [],
            "figures": state.figures.model_copy(update={"picture": None}),
        }
    )


def activation_for_guests(activation: ActivationMap) -> ActivationMap:
    """The map as numbers, without the name of a picture's file."""
    return activation.model_copy(update={"picture": None})
