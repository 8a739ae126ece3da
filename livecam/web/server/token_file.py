"""The file of --token-file: created for its owner alone, refused where others can read it.

Its first line is the token. A second one, "logins NAME", is written when all logins are ended.
"""

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from livecam.errors import SettingsError
from livecam.native.real_path import real_path
from livecam.settings.file_ownership import ownership_is_known, ownership_problem
from livecam.settings.web_page import ALLOWED_TOKEN
from livecam.web.server.access_token import AccessToken, new_token

_MAX_BYTES = 4096
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_GENERATION = "logins "


def kept_token(path: Path) -> AccessToken:
    """The token that the file holds; a file that is missing is created with a new one.

    Raises:
        SettingsError: it cannot be created or read, others can read it, or it holds no token.
    """
    try:
        text = _read(path)
        if text is None:
            _write(path, new_token() + "\n", may_replace=False)
            text = _read(path) or ""
    except OSError as error:
        raise SettingsError(
            f"the token file {path} cannot be used ({error.strerror}): give another --token-file."
        ) from error
    token, *rest = text.split("\n") if text else [""]
    if not ALLOWED_TOKEN.fullmatch(token.strip()):
        raise SettingsError(
            f"the token file {path} holds no token: its first line must be 16 to 200 letters, "
            "digits or any of . _ ~ -; delete the file, and a new one is made."
        )
    names = [line for line in rest if line.startswith(_GENERATION)]
    generation = names[-1].removeprefix(_GENERATION).strip() if names else ""
    return AccessToken(token.strip(), "file", generation, path)


def keep_generation(path: Path, token: AccessToken, generation: str) -> bool:
    """Note in the file that all logins are ended; False where it cannot be written.

    A file that was deleted, or that the user has given another token, stays as it is: that ends
    all logins as well, and an old token must not come back.
    """
    try:
        text = _read(path)
        if text is None or text.split("\n")[0].strip() != token.text:
            return True
        _write(path, f"{token.text}\n{_GENERATION}{generation}\n", may_replace=True)
    except (OSError, SettingsError):
        return False
    return True


def _read(path: Path) -> str | None:
    """What the file holds, None where there is no file."""
    try:
        # A pipe must not make the start wait for somebody who writes into it.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        if path.is_symlink():
            raise
        return None
    with os.fdopen(descriptor, "rb") as file:
        _check_owner(path, file.fileno())
        return file.read(_MAX_BYTES).decode("ascii", "replace")


def _check_owner(path: Path, descriptor: int) -> None:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise SettingsError(f"the token file {path} is no file: give the name of one.")
    if not ownership_is_known():
        return
    if status.st_mode & _OTHERS:  # also of an access list: these are the most that it gives
        raise SettingsError(
            f"the token file {path} can be read by others "
            f"(mode {stat.S_IMODE(status.st_mode):04o}): chmod 600 {path}, and change the token."
        )
    if problem := ownership_problem(descriptor):
        raise SettingsError(
            f"the token file {path} cannot be trusted ({problem}): give one of your own."
        )


def _write(path: Path, text: str, *, may_replace: bool) -> None:
    """Write the whole file at once: whoever reads it sees all of it, or none."""
    folder = real_path(path).parent if may_replace else path.parent
    descriptor, name = tempfile.mkstemp(prefix=".livecam-token-", dir=folder)
    try:
        Path(name).chmod(0o600)  # whatever the umask
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if may_replace:
            Path(name).replace(real_path(path))
        else:
            _link(Path(name), path)
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()


def _link(made: Path, path: Path) -> None:
    """Give the file its name, unless another livecam was faster: then its token is used."""
    try:
        path.hardlink_to(made)
    except FileExistsError:
        return
    except OSError:  # a file system without links
        if not path.exists():
            made.rename(path)
