"""Messages are sent in order, tried again, bounded; and nobody waits for them."""

import threading

from sinks.notify.receivers import Waits
from support import eventually

from livecam.core.notifying.back_off import BackOff
from livecam.core.notifying.outgoing_queue import Outgoing, QueueLimits
from livecam.sinks.notify.delivery import (
    Delivery,
    DeliveryLimits,
    NotDeliveredError,
    RefusedError,
)


class Receiver:
    """Takes messages; each of `answers` is an error to raise first, None to take one."""

    def __init__(self, *answers):
        self.answers, self.got, self.is_away = list(answers), [], False

    def send(self, content):
        answer = self.answers.pop(0) if self.answers else None
        if self.is_away:
            raise NotDeliveredError("away")
        if answer is not None:
            raise answer
        self.got.append(content)


def delivery_to(receiver, said, waits, **limits):
    return Delivery(
        receiver.send, "a server", said.append, limits=DeliveryLimits(**limits), clock=waits.clock
    )


def test_messages_arrive_in_order_and_failures_are_tried_again_with_growing_waits():
    waits, said = Waits(), []
    receiver = Receiver(*[NotDeliveredError("no answer")] * 8)
    delivery = delivery_to(receiver, said, waits)
    for content in "abc":
        delivery.put(Outgoing(content, 1))
    eventually(lambda: len(receiver.got) == 3)
    delivery.close(60)
    assert receiver.got == ["a", "b", "c"]
    assert waits.waits_s == [1, 2, 4, 8, 16, 32, 60, 60]
    assert said == [
        "a server takes no messages (no answer): they wait.",
        "a server takes messages again.",
    ]
    assert (delivery.delivered, delivery.lost, delivery.dropped) == (3, 0, 0)


def test_an_hour_away_loses_nothing_that_fits_and_stops_nothing():
    waits, said, receiver = Waits(), [], Receiver()
    receiver.is_away = True
    delivery = delivery_to(receiver, said, waits)
    for number in range(400):
        delivery.put(Outgoing(number, 1000))
    eventually(lambda: waits.now_s > 3600)
    assert delivery.waiting == 400
    receiver.is_away = False
    delivery.nudge()
    eventually(lambda: len(receiver.got) == 400)
    assert receiver.got == list(range(400))
    assert len(said) == 2
    delivery.close(60)


def test_what_does_not_fit_is_counted_and_told():
    waits, said, receiver = Waits(), [], Receiver()
    receiver.is_away = True
    delivery = delivery_to(receiver, said, waits, queue=QueueLimits(messages=2))
    delivery.put(Outgoing("start", 1))
    eventually(lambda: waits.waits_s)
    for content in ("update", "update", "end", "start 2"):
        delivery.put(Outgoing(content, 1, is_update=content == "update"))
    receiver.is_away = False
    eventually(lambda: len(receiver.got) == 3)
    delivery.close(60)
    assert receiver.got == ["start", "end", "start 2"]
    assert "2 messages dropped so far" in said[1]
    assert said[2] == "2 messages did not reach a server."


def test_a_refused_message_does_not_keep_the_others_back():
    waits, said = Waits(), []
    receiver = Receiver(RefusedError("it answers 400"), RefusedError("it answers 400"))
    delivery = delivery_to(receiver, said, waits)
    for content in "abc":
        delivery.put(Outgoing(content, 1))
    eventually(lambda: receiver.got)
    delivery.close(60)
    assert receiver.got == ["c"]
    assert waits.waits_s == []
    assert said == [
        "a server did not take a message: it answers 400.",
        "2 messages did not reach a server.",
    ]


def test_tries_end_where_they_are_limited():
    waits, said = Waits(), []
    receiver = Receiver(*[NotDeliveredError("exit code 1")] * 3)
    delivery = delivery_to(receiver, said, waits, back_off=BackOff(tries=3))
    for content in "ab":
        delivery.put(Outgoing(content, 1))
    eventually(lambda: receiver.got)
    delivery.close(60)
    assert receiver.got == ["b"]
    assert waits.waits_s == [1, 2]
    assert "exit code 1; given up" in said[1]


def test_a_state_that_is_old_by_now_is_not_told_any_more():
    waits, said, receiver = Waits(), [], Receiver()
    receiver.is_away = True
    delivery = delivery_to(receiver, said, waits)
    for content in ("ON", "OFF", "ON", "OFF"):
        delivery.put(Outgoing(content, 1, key="state", when_newer="replace if stuck"))
        eventually(lambda: waits.waits_s)
    receiver.is_away = False
    eventually(lambda: receiver.got)
    delivery.close(60)
    assert receiver.got == ["OFF"]


def test_new_messages_do_not_shorten_the_wait_for_the_next_try():
    """With the real clock: the second try would be only in an hour."""
    receiver, said, tries = Receiver(), [], []

    def send(content):
        tries.append(content)
        raise NotDeliveredError("away")

    limits = DeliveryLimits(back_off=BackOff(first_s=3600, longest_s=3600))
    delivery = Delivery(send, "a server", said.append, limits=limits)
    delivery.put(Outgoing("a", 1))
    eventually(lambda: said)
    for _ in range(20):
        delivery.put(Outgoing("b", 1))
    assert tries == ["a"]
    delivery.nudge()
    eventually(lambda: len(tries) == 2)
    delivery.close(60)
    assert tries == ["a"] * 3  # once more at the end, and then no other one
    assert delivery.lost == 21
    assert said[-1] == "21 messages did not reach a server."
    assert not receiver.got


def test_one_that_hangs_is_left_behind_at_the_end():
    is_over, said = threading.Event(), []
    delivery = Delivery(lambda _: is_over.wait(120), "a server", said.append)
    for content in "abc":
        delivery.put(Outgoing(content, 1))
    delivery.close(0.05)
    assert said == ["3 messages did not reach a server."]
    delivery.put(Outgoing("too late", 1))
    assert delivery.lost == 4
    is_over.set()
    eventually(lambda: delivery.delivered == 1)


def test_a_fault_of_ours_ends_no_delivery():
    receiver, said = Receiver(KeyError("x")), []
    delivery = delivery_to(receiver, said, Waits())
    delivery.put(Outgoing("a", 1))
    delivery.put(Outgoing("b", 1))
    eventually(lambda: receiver.got)
    delivery.close(60)
    assert receiver.got == ["b"]
