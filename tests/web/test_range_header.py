"""Range headers as RFC 9110 reads them."""

import pytest

from livecam.web.api.range_header import NoSuchRangeError, satisfiable_ranges


@pytest.mark.parametrize(
    ("header", "ranges"),
    [
        ("bytes=0-9", "bytes=0-9"),
        ("Bytes=0-", "bytes=0-"),
        ("bytes=-5", "bytes=-5"),
        ("bytes=-500", "bytes=-500"),
        ("bytes= 0-1 , ,50-60,", "bytes=0-1,50-60"),
        ("bytes=0-1,100-", "bytes=0-1"),
        ("bytes=-0,99-", "bytes=99-"),
        ("bytes=5-1", ""),
        ("bytes=0-1,5-1", ""),
        ("bytes=a-b", ""),
        ("bytes=-", ""),
        ("bytes=", ""),
        ("bytes=,", ""),
        ("bytes", ""),
        ("x=0-1", ""),
        ("bytes=1_0-2_0", ""),
        ("bytes=+1-2", ""),
        ("bytes=\u0661-\u0662", ""),
        ("bytes=" + "9" * 5000 + "-", ""),
    ],
)
def test_invalid_headers_are_ignored_and_ranges_behind_the_end_are_left_out(header, ranges):
    assert satisfiable_ranges(header, 100) == ranges


@pytest.mark.parametrize(
    ("header", "size_bytes"),
    [("bytes=100-", 100), ("bytes=100-200,300-", 100), ("bytes=-0", 100), ("bytes=0-", 0)],
)
def test_a_file_without_any_of_the_bytes_is_an_error(header, size_bytes):
    with pytest.raises(NoSuchRangeError):
        satisfiable_ranges(header, size_bytes)
