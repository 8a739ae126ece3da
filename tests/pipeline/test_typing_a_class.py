"""A class by its name in the running loop: what is typed, found and chosen."""

from dataclasses import replace

from fake_pipeline import VIEW, pipeline_of
from support import FakeModel, ListSource, ScriptedScreen, frames_of

from livecam.core.class_entry import MOST_FOUND, ClassEntry
from livecam.core.events import ClassTyped, KeyPress
from livecam.core.labels import Labels
from livecam.pipeline.loop import run

LABELS = Labels(
    tuple((name,) for name in FakeModel.labels),
    excluded=frozenset({5}),
    other_model=lambda name: ("the model imagenet has it", "") if name == "bee" else ("", ""),
)


def shown_after(*events, view=VIEW, labels=LABELS):
    """The last view that a screen saw, and what it was told."""
    screen = ScriptedScreen([[], *([event] for event in events)])
    count = len(events) + 6
    run(pipeline_of(ListSource(frames_of(count)), screen=screen, labels=labels), view)
    last = screen.annotated_frames[-1]
    return last.view, last.status.message


def test_what_is_typed_stands_in_the_view_with_the_classes_that_it_finds():
    assert shown_after(ClassTyped(""))[0].class_entry == ClassEntry("")
    typed = shown_after(ClassTyped(""), ClassTyped("l"))[0]
    assert typed.class_entry == ClassEntry("l", ("leaf", "ball", "wheel"))
    assert typed.class_index == VIEW.class_index


def test_only_the_first_few_are_named():
    many = Labels(tuple((f"rose {number}",) for number in range(6)))
    entry = shown_after(ClassTyped("rose"), labels=many)[0].class_entry
    assert len(entry.found) == MOST_FOUND


def test_enter_shows_the_map_of_the_best_one_and_ends_following():
    follows = replace(VIEW, follows=True)
    chosen = shown_after(
        ClassTyped(""), ClassTyped("bal"), ClassTyped("bal", is_chosen=True), view=follows
    )
    assert chosen == (replace(VIEW, class_index=0), "class: ball")


def test_esc_leaves_everything_as_it_was():
    assert shown_after(ClassTyped(""), ClassTyped("lea"), ClassTyped(None)) == (VIEW, "")


def test_a_name_that_no_class_has_is_said_with_the_model_that_has_it():
    view, message = shown_after(ClassTyped("bee"), ClassTyped("bee", is_chosen=True))
    assert view == VIEW
    assert message == "there is no class 'bee': the model imagenet has it."


def test_a_class_without_a_map_cannot_be_chosen():
    view, message = shown_after(ClassTyped("other", is_chosen=True))
    assert view == VIEW
    assert message == "the class 'other' has no map."


def test_enter_on_nothing_changes_nothing():
    assert shown_after(ClassTyped(" "), ClassTyped(" ", is_chosen=True)) == (VIEW, "")


def test_keys_of_another_screen_act_while_a_name_is_typed():
    view, _ = shown_after(ClassTyped("l"), KeyPress("o"))
    assert not view.overlay
    assert view.class_entry is not None


def test_the_table_of_keys_makes_room_for_it():
    assert not shown_after(ClassTyped(""), view=replace(VIEW, help=True))[0].help
