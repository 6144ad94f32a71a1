"""The score counted in other ways, and how many of those asked answered.

Each person once, each customer once, and each customer by what it brings are three scores, never mixed and each under
its own name. This module imports the analyses: import it inside functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw

from winback.analysis.nps import nps
from winback.analysis.response import response
from winback.report.figures import invited, join_worth
from winback.server.insights.basis import Basis
from winback.server.insights.rules import Window


def response_of(basis: Basis) -> dict[str, Any] | None:
    """The response rate of the window, as in the report; None where it is not known who was asked.

    Invitations know the customer and nothing else of the answer: under a filter that is not one by customers there
    is no rate, rather than one of other people.
    """
    found: dict[str, Any] | None = basis.kept.once("response", lambda: _response(basis))
    return found


def invitations_of(basis: Basis, by: Sequence[str]) -> Any | None:
    """The invitations of these answers with what their customers are split by; None where that is not known."""
    return invited(basis.tables, by, basis.holding.sort.survey) if _told(basis) else None


def _told(basis: Basis) -> bool:
    """Whether it is known who was asked, and the filters hold for them too."""
    return basis.holding.tables.invitations is not None and (basis.by_customers or not basis.asked.filters)


def _response(basis: Basis) -> dict[str, Any] | None:
    if not _told(basis):
        return None
    since, until = basis.window.since, basis.window.until
    if since is None or until is None:
        since, until = since or basis.whole().first, until or basis.whole().last
    found = response(basis.tables.invitations, survey=basis.holding.sort.survey, since=since, until=until)
    if found is not None and basis.window != Window():
        found["not_sent"] = {}  # what was not sent has no day, and so belongs to no window
    return found


def by_customer(basis: Basis) -> dict[str, Any] | None:
    """Each customer once, by its latest answer in the window; None where no answer names its customer."""
    if "customer" not in basis.names:
        return None
    found: dict[str, Any] = basis.kept.once("by customer", lambda: _once(basis, basis.feedback, None))
    return found


def by_money(basis: Basis) -> dict[str, Any] | None:
    """Each customer by what it brings: its latest answer weighs as much as its money of twelve months.

    The cell of a weighted score, with `kind`: what money. Those who bring nothing, or less, weigh nothing. None
    without money by customer.
    """
    if not basis.has_worth:
        return None
    found: dict[str, Any] = basis.kept.once("by money", lambda: _by_money(basis))
    return found


def _by_money(basis: Basis) -> dict[str, Any]:
    known = basis.worth()
    rows = nw.from_native(join_worth(basis.feedback, known, basis.holding.connection))
    kind = "revenue" if known.revenue is not None else known.basis.replace("_", " ")
    return {**_once(basis, rows.filter(nw.col("money") > 0).to_native(), "money"), "kind": kind}


def _once(basis: Basis, feedback: Any, weight: str | None) -> dict[str, Any]:
    columns = basis.columns
    columns["respondent"] = "customer"
    columns["weight"] = weight
    named = nw.from_native(feedback).filter(~nw.col("customer").is_null()).to_native()
    cell: dict[str, Any] = nps(named, **basis.how, **columns).rows()[0]
    return cell
