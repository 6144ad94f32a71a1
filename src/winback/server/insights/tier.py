"""The customers of a profit tier, and how they feel: what stands behind a figure of the Profit page.

This module imports the analyses: import it inside functions.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from winback.analysis.latest import latest
from winback.analysis.tally import MONEY_UNIT
from winback.analysis.tiers import UNHEARD, tiers_of
from winback.scales import DETRACTOR, PASSIVE, PROMOTER
from winback.server.insights.basis import Basis

BANDS = {
    "detractor": (DETRACTOR,),
    "passive": (PASSIVE,),
    "promoter": (PROMOTER,),
    "heard": (DETRACTOR, PASSIVE, PROMOTER),
}


def customers_of(basis: Basis, tier: int, band: str = "") -> list[tuple[str, float]]:
    """The company's own ids of a tier's customers and what each brings, the most first.

    `band` keeps those whose latest answer is a detractor's, a passive's or a promoter's ("heard": any of them). None
    where there is no money by customer.
    """
    known = basis.profit().worth
    if known is None:
        return []
    mine = tiers_of(known.worth) == tier
    if band:
        mine &= np.isin(basis.kept.once("bands of customers", lambda: _bands(basis, known)), BANDS[band])
    places = np.flatnonzero(mine)
    places = places[np.argsort(-known.worth[places], kind="stable")]
    return [(str(known.customers[place]), float(known.worth[place]) / MONEY_UNIT) for place in places.tolist()]


def _bands(basis: Basis, known: Any) -> NDArray[np.int64]:
    """The band of each customer's latest answer, as the tiers count it."""
    columns = basis.columns
    columns.pop("weight", None)
    last = latest(basis.feedback, of="customer", **columns)
    bands = columns["bands"].classify(last.column("score").to_numpy())
    said = dict(zip(last.column("customer").to_pylist(), bands.tolist(), strict=True))
    return np.array([said.get(customer, UNHEARD) for customer in known.customers.tolist()], dtype=np.int64)
