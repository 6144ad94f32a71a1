"""Where the name of a point may stand, so that no name covers another or lies on a point."""

from __future__ import annotations

from collections.abc import Sequence

SIDES = ("right", "left", "above", "below")
LONGEST = 160  # pixels of a name, at most; longer ones are cut
_LETTER, _LINE = 6.2, 14  # pixels of a letter and of a line, at 11 px
_AWAY, _POINT = 8, 5  # from the point to its name; half a point
_WIDTHS = (300, 420, 1000)  # of the plot, on a phone, in half a page and in a whole one

Box = tuple[float, float, float, float]


def sides(points: Sequence[tuple[float, float]], names: Sequence[str], *, height: int) -> list[str | None]:
    """The side of each point that its name stands on; None where it would cover something on every side.

    points: places within the plot, 0 to 1 from the left and from the top. Earlier points choose first. A side is taken
    where it is free in every width that the plot may have: on a phone, in half a page, in a whole one.
    """
    taken: dict[int, list[Box]] = {
        width: [_round(x * width, y * height) for x, y in points] for width in _WIDTHS
    }  # fmt: skip
    found: list[str | None] = []
    for place, ((x, y), name) in enumerate(zip(points, names, strict=True)):
        long = min(LONGEST, _LETTER * len(name))
        chosen = None
        for side in SIDES:
            boxes = {width: _box(side, x * width, y * height, long) for width in _WIDTHS}
            if all(_free(box, taken[width], place, width, height) for width, box in boxes.items()):
                chosen = side
                for width, box in boxes.items():
                    taken[width].append(box)
                break
        found.append(chosen)
    return found


def _round(x: float, y: float) -> Box:
    return x - _POINT, y - _POINT, x + _POINT, y + _POINT


def _box(side: str, x: float, y: float, long: float) -> Box:
    if side == "right":
        return x + _AWAY, y - _LINE / 2, x + _AWAY + long, y + _LINE / 2
    if side == "left":
        return x - _AWAY - long, y - _LINE / 2, x - _AWAY, y + _LINE / 2
    top = y - _AWAY - _LINE if side == "above" else y + _AWAY
    return x - long / 2, top, x + long / 2, top + _LINE


def _free(box: Box, taken: Sequence[Box], own: int, width: int, height: int) -> bool:
    left, top, right, bottom = box
    if left < 0 or right > width or top < 0 or bottom > height:
        return False
    return not any(
        left < other[2] and other[0] < right and top < other[3] and other[1] < bottom
        for place, other in enumerate(taken)
        if place != own
    )
