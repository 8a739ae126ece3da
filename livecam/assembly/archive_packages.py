"""The packages that archives need beside those of livecam itself."""

from livecam.errors import SettingsError


def check_archive_packages() -> None:
    """Raise SettingsError where one of them is missing."""
    try:
        import duckdb  # noqa: F401
        import pyarrow as pa  # noqa: F401
    except ModuleNotFoundError as error:
        raise SettingsError(
            f'archives need the package {error.name}: pip install "livecam[archive]"'
        ) from error
