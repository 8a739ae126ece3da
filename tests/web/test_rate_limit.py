"""The token buckets that limit the requests of a client."""

from support import FakeClock

from livecam.web.server.rate_limit import MAX_CLIENTS, RateLimit, RateLimiter


def test_a_burst_is_allowed_then_a_rate():
    clock = FakeClock()
    limiter = RateLimiter(RateLimit(burst=3, per_s=2), clock)
    assert [limiter.allow("a") for _ in range(5)] == [True, True, True, False, False]
    assert limiter.allow("b")
    clock.sleep(1.0)
    assert [limiter.allow("a") for _ in range(3)] == [True, True, False]
    clock.sleep(100.0)
    assert [limiter.allow("a") for _ in range(4)] == [True, True, True, False]


def test_the_number_of_clients_is_bounded():
    limiter = RateLimiter(RateLimit(1, 0.001), FakeClock())
    for number in range(3 * MAX_CLIENTS):
        limiter.allow(str(number))
    assert len(limiter._buckets) == MAX_CLIENTS
