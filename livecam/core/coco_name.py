"""The names of files that are COCO JSON; what is in them is in coco_json.py."""

SUFFIX = ".coco.json"


def is_coco_name(name: str) -> bool:
    """Whether a file's name says that it is COCO JSON."""
    return name.casefold().endswith(SUFFIX)
