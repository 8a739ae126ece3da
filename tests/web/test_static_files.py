"""The files of the pages, as they are served."""

import re

import pytest

from livecam.web.api.routes.static_files import DIALOGS, static_files

FILES = static_files()
PAGES = [name for name in FILES if name.endswith(".html")]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_each_dialog_once(page):
    dialogs = re.findall(r'<dialog id="(\w+)"', FILES[page].decode())
    assert sorted(set(dialogs)) == sorted(dialogs)
    assert {"confirm", "login"} <= set(dialogs)
    assert DIALOGS not in FILES[page].decode()


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_names_is_served(page):
    named = set(re.findall(r'"/static/([^"]+)"', FILES[page].decode()))
    waiting = [name for name in named if name.endswith(".js")]
    for name in waiting:  # grows while it is walked: modules import others
        imported = re.findall(r'from "\./([^"]+)"', FILES[name].decode())
        waiting += [other for other in imported if other not in waiting]
    assert named | set(waiting) <= set(FILES)
    assert DIALOGS not in FILES
