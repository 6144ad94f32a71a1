"""What do the data at hand allow, and which column would open the next analysis?

Only what winback does is listed: a line that promises a page or a command that is not there is worse than none.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Facts:
    """What is at hand: counts, and which columns and tables there are."""

    answers: int = 0
    months: int = 0  # whole months between the first and the last answer
    dated: bool = False
    attributes: int = 0
    comments: int = 0
    customers: bool = False  # a customer column
    respondents: bool = False
    money: bool = False
    periods: int = 0  # months of money
    departures: int | None = None  # None where no file tells of them
    derived: bool = False  # departures found by rule
    contacts: bool = False
    invitations: bool = False
    referrals: bool = False
    minimum: int = 10


@dataclass(frozen=True)
class Ready:
    """One analysis: whether it is possible, why, and what would open it."""

    analysis: str
    title: str
    possible: bool
    sentence: str
    opens: str | None = None


def readiness(facts: Facts) -> list[Ready]:
    """Every analysis of the report in the order of the loop. Pure: the same facts give the same answer."""
    few = f"{facts.answers:,} answers; a score needs {facts.minimum}."
    follow_up = facts.departures is not None and facts.months >= 6
    return [
        Ready("nps", "The score", facts.answers >= facts.minimum, f"From {facts.answers:,} answers." if facts.answers >= facts.minimum else few,
              None if facts.answers >= facts.minimum else "more answers: ask more customers"),
        Ready("once", "Each person once", facts.respondents,
              "A person who answered twice counts once, by the latest answer." if facts.respondents else "Every answer counts, also two of one person.",
              None if facts.respondents else "a column that names the person: --respondent COL"),
        Ready("segments", "Segments", facts.attributes > 0,
              f"By {facts.attributes} attributes and their pairs." if facts.attributes > 1 else "By one attribute." if facts.attributes else "No column splits the customers into groups.",
              None if facts.attributes else "a column like region or plan: --by COL, or a customers file"),
        Ready("trend", "How the score moves", facts.dated and facts.months >= 2,
              f"Over {facts.months} months." if facts.dated and facts.months >= 2 else "The answers span less than two months." if facts.dated else "Without a date nothing can be said about time.",
              None if facts.dated and facts.months >= 2 else "more months" if facts.dated else "the date of the answer: --date COL"),
        Ready("decompose", "Feeling or mix", facts.dated and facts.months >= 2 and facts.attributes > 0,
              "A change is split into how people feel and who answered." if facts.dated and facts.months >= 2 and facts.attributes else "A change can be split once there are dates over two months and an attribute.",
              None if facts.dated and facts.months >= 2 and facts.attributes else "dates over two months and an attribute"),
        Ready("voices", "What they say", facts.comments > 0,
              f"{facts.comments:,} comments to read." if facts.comments > 1 else "One comment to read." if facts.comments else "Nobody wrote why, or no column holds it.",
              None if facts.comments else "a column of comments: --text COL"),
        Ready("profit", "Score against money", facts.money,
              "Customers are set into tiers by what they bring." if facts.money else "Without money nobody can say what detractors bring.",
              None if facts.money else "money: --value COL, or --periods or --customers with revenue or margin, and --customer COL" if facts.customers else "a customer column (--customer COL) and revenue (--customers or --periods FILE)"),
        Ready("at_risk", "Revenue at risk", follow_up and facts.money,
              f"{facts.departures:,} departures{' found by rule' if facts.derived else ''} after answers." if follow_up and facts.money else "It compares who left after answering: it takes departures and months after the answers.",
              None if follow_up and facts.money else "who left and when: --departures FILE" if facts.departures is None else f"{max(6 - facts.months, 1)} more months of answers and departures"),
        Ready("earned_growth", "Earned growth", facts.periods >= 24 and facts.referrals,
              "Two years of revenue and who came by referral." if facts.periods >= 24 and facts.referrals else f"It takes 24 months of revenue ({facts.periods} at hand) and who came by referral.",
              None if facts.periods >= 24 and facts.referrals else "24 months of revenue: --periods FILE" if facts.periods < 24 else "how customers came: a column acquired_by in the customers file"),
        Ready("response", "Response rate", facts.invitations,
              "From who was asked." if facts.invitations else "How many were asked is not known, so silence cannot be told from satisfaction.",
              None if facts.invitations else "who was asked and when: --invitations FILE"),
        Ready("contacts", "Who to ask for", facts.contacts,
              "Calls go to people by name." if facts.contacts else "Nobody at a customer is known by name.",
              None if facts.contacts else "people and their names: --contacts FILE"),
    ]  # fmt: skip
