"""So many of a list at most, evenly chosen: the first ones would be of one folder, one moment."""


def evenly_chosen(total: int, most: int) -> list[int]:
    """The places that are taken of `total`, in order; all of them where they are no more."""
    count = min(most, total)
    return [place * total // count for place in range(count)]
