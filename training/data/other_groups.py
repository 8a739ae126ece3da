"""What a picture of something else shows: the groups that the evaluation counts by.

A source mostly shows one group. Open Images is mixed, so its pictures were sorted by eye; those
that stand in no list are "outdoors" (streets, boats, bicycles, birds, sky).
"""

from training.data.splits import source_of

GROUPS = ("rooms", "faces", "hands", "food", "groceries", "patterns", "objects", "outdoors")
ASKED_FOR = GROUPS[:6]  # those that the issue names

GROUP_OF_SOURCE = {
    "clothing": "patterns",
    "grocery": "groceries",
    "howtocook": "food",
    "polyhaven": "rooms",
    "trashnet": "objects",
    "streetcomplete": "outdoors",
    "intelvideos": "faces",
    "microbit": "objects",
    "farmbot": "objects",
    "openbot": "objects",
    "cvrecipes": "objects",
    "pxtev3": "objects",
    "insectdetect": "objects",
    "coral": "objects",
    "roboflow": "outdoors",
    "openimages": "outdoors",
}

# Numbers of pictures that differ from the rest of their source.
_NUMBERS: dict[tuple[str, str], str] = {
    ("openimages", "rooms"): "14 16 82 103 115 118 127 165 197 250 278 291 300 308 314 405 416 445"
    " 453 475 81 477",
    ("openimages", "faces"): "5 6 10 12 26 31 35 48 49 56 62 63 67 85 87 94 106 109 117 119 126"
    " 134 135 136 138 139 141 152 155 157 159 162 183 185 200 206 218 221 229 233 238 239 242 246"
    " 255 266 283 285 289 293 298 307 317 322 328 337 340 349 357 371 381 386 397 399 434 436 450"
    " 458 466 478 490 492 493 494 497 505",
    ("openimages", "hands"): "234 377 417 423 463 469",
    ("openimages", "food"): "24 59 60 65 105 147 211 230 231 268 320 353 375 384 401 402 413 430"
    " 457 487",
    ("openimages", "groceries"): "9 13 18 44 51 66 76 78 80 92 128 160 161 167 168 171 191 207 216"
    " 226 236 245 252 254 259 269 272 275 286 287 303 309 312 323 326 352 356 359 367 372 387 389"
    " 396 400 404 419 432 439 440 448 464 465 470 476 479 480 498 502 509",
    ("openimages", "patterns"): "33 131 132 170 187 189 208 225 267 409 447 55",
}
_GROUP_OF_PICTURE = {
    f"{source}__{int(number):04}": group
    for (source, group), numbers in _NUMBERS.items()
    for number in numbers.split()
}
# By the kind in CREDITS.tsv, where it is finer than the source.
GROUP_OF_KIND = {
    "ground, lawn": "patterns",  # paving, gratings, tiles, grass
    "fruit on plants": "groceries",
    "fruit": "groceries",
    "vegetables": "groceries",
    "cartons": "groceries",
}
_NAMED = {
    "coral_face": "faces",
    "roboflow_face": "faces",
    "roboflow_person_image": "faces",
    "coral_hot_dog": "food",
    "roboflow_beer": "food",
}
_HANDS = {"insectdetect": (2, 8, 27, 30, 35, 39, 43)}


def group_of(name: str, kind: str = "") -> str:
    """Return the group of a picture: `name` is its file's, `kind` its kind in CREDITS.tsv."""
    stem, source = name.rsplit(".", 1)[0], source_of(name)
    if source in _HANDS and int(stem.split("__")[1]) in _HANDS[source]:
        return "hands"
    found = _GROUP_OF_PICTURE.get(stem) or _NAMED.get(stem) or GROUP_OF_KIND.get(kind)
    return found or GROUP_OF_SOURCE[source]
