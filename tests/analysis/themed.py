"""Comments with themes that everybody would find."""

from __future__ import annotations

PARCEL = [f"The parcel arrived {n} days late" for n in range(2, 14)] + [
    f"My delivery was late by {n} hours again" for n in range(2, 14)
]
STAFF = [
    f"The nurse {name} was kind and listened"
    for name in ["Ann", "Bob", "Cem", "Dee", "Eve", "Fay", "Gus", "Hal", "Ida", "Jon", "Kim", "Lee"]
]
STAFF += [f"Staff in ward {n} were friendly and caring" for n in range(1, 13)]
PARK = [f"Parking cost {n} pounds, far too expensive" for n in range(2, 14)] + [
    f"No parking space after {n} o'clock" for n in range(1, 13)
]
ALL = [*PARCEL, *STAFF, *PARK]
CODED = [
    *((one, ["Delivery"]) for one in PARCEL[::3]),
    *((one, ["Staff manner"]) for one in STAFF[::3]),
    *((one, ["Parking"]) for one in PARK[::3]),
]
