"""What the data at hand allow, which column opens the next page, and where that page is."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from winback.analysis.frames import lazy_table, names_of
from winback.analysis.readiness import Facts, readiness
from winback.analysis.tally import period_index
from winback.report.words import plural
from winback.server.insights.basis import Basis
from winback.server.watch.queries import NEEDED

# analysis: the page it opens, and in which table the column that is missing is imported
PAGES = {
    "nps": ("pulse", "feedback"), "once": ("pulse", "feedback"), "segments": ("segments", "customers"),
    "trend": ("pulse", "feedback"), "decompose": ("segments", "feedback"), "voices": ("feedback", "feedback"),
    "profit": ("profit", "customer_periods"), "at_risk": ("profit", "departures"),
    "earned_growth": ("profit", "customer_periods"), "response": ("pulse", "invitations"), "contacts": ("customers", "contacts"),
    "journey": ("journey", "feedback"), "flareups": ("flareups", "feedback"), "themes": ("themes", "feedback"),
}  # fmt: skip
# what to bring, in words of the import page rather than of the command line
OPENS = {
    "nps": "more answers: ask more customers",
    "once": "a column that names the person who answered (contact, e-mail)",
    "segments": "a column like region or plan, beside the answers or in a file of customers",
    "trend": "the date of each answer, over two months at least",
    "decompose": "dates over two months, and an attribute to split by",
    "voices": "a column with the customers' own words",
    "at_risk": "who left and when (a file of departures), and six months of answers",
    "response": "a file of invitations: who was asked and when, who answered, who was not asked and why",
    "contacts": "a file of contacts: people, their names and their roles",
    "journey": "a column that says at which touchpoint or stage the customer was asked",
}


def facts_of(basis: Basis | None, minimum: int) -> Facts:
    """What is at hand; nothing without answers."""
    if basis is None:
        return Facts(minimum=minimum)
    tables, names, whole = basis.holding.tables, basis.names, basis.whole()
    months = 0
    if whole.first is not None and whole.last is not None:
        months = period_index(whole.last, "month") - period_index(whole.first, "month") + 1
    return Facts(
        answers=basis.answers(),
        months=months,
        dated=basis.dated,
        attributes=len(basis.holding.attributes),
        comments=basis.kept.once("comments", lambda: _filled(tables.feedback, "comment")),
        customers="customer" in names,
        respondents="respondent" in names,
        money=basis.has_worth or "money" in names,
        periods=basis.kept.once("months of money", lambda: _months(tables.customer_periods)),
        departures=basis.kept.once("departures", lambda: _rows(tables.departures)),
        contacts=tables.contacts is not None,
        invitations=tables.invitations is not None,
        referrals=tables.customers is not None and "acquired_by" in names_of(tables.customers),
        minimum=minimum,
    )


def ready(basis: Basis | None, minimum: int, *, themes: int = 0) -> list[dict[str, Any]]:
    """Every analysis: whether it is possible, why, what would open it, its page, and which table to import for it.

    `themes`: how many of the codebook are accepted.
    """
    facts = facts_of(basis, minimum)
    found = [
        {**vars(item), "opens": None if item.possible else _opens(item.analysis, facts)} for item in readiness(facts)
    ]
    here = basis is not None and bool({"touchpoint", "journey_stage"} & set(basis.names))
    told = "Score and answers by stage and touchpoint." if here else "No answer says where in the journey it was asked."
    found.append(
        {"analysis": "journey", "title": "Journey", "possible": here, "sentence": told,
         "opens": None if here else OPENS["journey"]}
    )  # fmt: skip
    found += [_flareups(basis), _themes(facts.comments, themes)]
    for item in found:
        item["page"], item["table"] = PAGES.get(item["analysis"], (None, None))
        if item["analysis"] == "themes" and facts.comments:
            item["table"] = None  # what is missing is no file
    return found


def _flareups(basis: Basis | None) -> dict[str, Any]:
    """Whether anything can be watched: it takes days, and weeks enough to know what is usual."""
    whole = basis.whole() if basis is not None and basis.dated else None
    weeks = (
        0 if whole is None or whole.first is None or whole.last is None else (whole.last - whole.first).days // 7 + 1
    )
    if not weeks:
        told, opens = "Without a day nothing can rise.", "the date of each answer, over nine weeks at least"
    elif weeks < NEEDED:
        told, opens = f"{plural(weeks, 'week')} of answers.", f"{plural(NEEDED - weeks, 'more week')} of answers"
    else:
        told, opens = f"{plural(weeks, 'week')} of answers: every segment that is thick enough is watched.", None
    return {"analysis": "flareups", "title": "Flare-ups", "possible": opens is None, "sentence": told, "opens": opens}


def _themes(comments: int, accepted: int) -> dict[str, Any]:
    """Whether comments are sorted: it takes words, and a codebook that people have accepted."""
    opens = None
    told = f"{plural(accepted, 'theme')} accepted, {plural(comments, 'comment')} to sort."
    if not comments:
        told, opens = "Nobody wrote why, or no column holds it.", "a column with the customers' own words"
    elif not accepted:
        told, opens = (
            f"{plural(comments, 'comment')} to sort.",
            "a codebook: have one proposed on Reasons, and accept it",
        )
    return {"analysis": "themes", "title": "Themes", "possible": opens is None, "sentence": told, "opens": opens}


def _opens(analysis: str, facts: Facts) -> str | None:
    if analysis == "profit":
        needed = "revenue or margin, by customer and month or by customer"
        return needed if facts.customers else f"a column that names the customer, and {needed}"
    if analysis == "earned_growth":
        return (
            "24 months of revenue by customer" if facts.periods < 24 else "how customers came: a column “acquired by”"
        )
    return OPENS.get(analysis)


def _filled(frame: Any, name: str) -> int:
    if name not in names_of(frame):
        return 0
    return int(_one(lazy_table(frame).filter(~nw.col(name).is_null()).select(found=nw.len())) or 0)


def _rows(frame: Any) -> int | None:
    return None if frame is None else int(_one(lazy_table(frame).select(found=nw.len())) or 0)


def _months(frame: Any) -> int:
    return 0 if frame is None else int(_one(lazy_table(frame).select(found=nw.col("month").n_unique())) or 0)


def _one(frame: nw.LazyFrame[Any]) -> Any:
    return frame.collect(backend="pyarrow").to_native().column("found")[0].as_py()
