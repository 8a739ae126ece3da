"""What the number of a system error says of the disk."""

import errno
import os

import pytest

from livecam.core.disk_errors import is_disk_full, is_file_limit
from livecam.errors import SinkError


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_without_room_and_a_user_without_room_are_full(number):
    assert is_disk_full(OSError(number, os.strerror(number)))


def test_other_failures_are_no_full_disk():
    assert not is_disk_full(OSError(errno.EACCES, os.strerror(errno.EACCES)))
    assert not is_disk_full(OSError("read timed out"))
    assert not is_disk_full(ValueError(errno.ENOSPC))


def test_a_file_that_is_as_large_as_it_may_be_is_told_apart_also_by_its_cause():
    too_large = OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    assert is_file_limit(too_large)
    assert not is_disk_full(too_large)
    told = SinkError("the clip broke off")
    told.__cause__ = too_large
    assert is_file_limit(told)
    assert not is_file_limit(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
