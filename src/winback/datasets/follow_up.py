"""What the company did about it: invitations sent, cases opened, issues taken on and changes made."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from winback.datasets import world
from winback.datasets.answers import Answers
from winback.datasets.cast import Cast
from winback.datasets.columns import column, money, numbered, offsets, plain_words, times
from winback.datasets.comments import THEMES, TROUBLES
from winback.datasets.history import NOT_SENT, Asked
from winback.datasets.people import Flags, Ints
from winback.datasets.reasons import APPOINTMENTS, EVENINGS, FIRST_BILL, PRICE_RISE, STORY
from winback.datasets.world import Calendar, stream
from winback.tables import CASES, CHANGES, FLAG, INVITATIONS, ISSUES, SURVEY_KINDS, check

FIX = "Second trunk for the western exchanges"
OTHER_FIX = "A leaflet that explains the first bill"
STATUSES = ("open", "contacted", "resolved", "closed")
ACTIONS = (
    "Rang and apologised", "Sent a fitter of our own", "Corrected the bill", "Exchanged the router", "Credit granted",
    "Explained the letter and offered the old price for a year", "One colleague keeps the case to the end",
)  # fmt: skip
_CASES_FROM = 8  # cases are opened from the ninth month on
_FIRST_SEND, _SPAN = 9 * 3600, 2 * 3600  # invitations go out between 9 and 11


def invitations_table(cast: Cast, asked: Asked) -> pa.Table:
    """Everybody asked, and everybody not asked with the reason, in the order of the days."""
    persons, calendar = cast.persons, cast.calendar
    order = np.lexsort((np.arange(len(asked)), asked.sent))
    asked = asked.only(order)
    ahead = offsets(calendar.start, calendar.days, world.ZONE)
    unsent = asked.why_not >= 0
    mailed = persons.channel[asked.person] <= world.WEB
    send_second = _FIRST_SEND + (asked.person * 7919) % _SPAN  # spread over two hours, the same for a person
    columns = {
        "invitation": numbered("I-", np.arange(1, len(asked) + 1), 7),
        "customer": numbered("C-", persons.customer[asked.person] + 1, 6),
        "contact": numbered("P-", asked.person + 1, 6),
        "survey": plain_words(asked.survey, SURVEY_KINDS),
        "channel": plain_words(persons.channel[asked.person], world.CHANNELS),
        "sent_at": times(asked.sent, send_second, calendar.start, ahead, blank=unsent),
        "delivered": column(asked.delivered, FLAG, blank=unsent),
        "bounced": column(~asked.delivered, FLAG, blank=unsent | ~mailed),
        "answered_at": times(asked.day, asked.second, calendar.start, ahead, blank=~asked.answered),
        "reason_not_sent": plain_words(asked.why_not, NOT_SENT),
    }
    return check(INVITATIONS, pa.table(columns))


def cases_table(cast: Cast, answers: Answers) -> pa.Table:
    """Cases opened after low marks, from the ninth month on. They change nothing about later answers."""
    rng, calendar = stream(cast.seed, "cases"), cast.calendar
    luck = rng.random((6, len(answers)))
    score, day = answers.asked.score, answers.asked.day
    low = (answers.band == 0) & ~answers.asked.skipped & (day >= calendar.month_starts[_CASES_FROM])
    rows = np.flatnonzero(low & (luck[0] < np.where(score <= 3, 0.85, 0.5)))
    luck = luck[:, rows]
    seconds_a_day = 86_400
    begun = answers.asked.day[rows] * seconds_a_day + answers.asked.second[rows]
    opened = begun + 60 + (luck[1] * 240).astype(np.int64)
    # Half are reached within 19 hours; some take days.
    reached = opened + (19 * 3600 * np.exp(0.8 * rng.standard_normal(len(rows)))).astype(np.int64)
    closed = reached + ((1 + 12 * luck[2] ** 2) * seconds_a_day).astype(np.int64)
    now = calendar.days * seconds_a_day - 8 * 3600
    status = np.select([closed < now, (reached < now) & (luck[3] < 0.4), reached < now], [3, 2, 1], default=0)
    theme = answers.theme[rows]
    cause = np.where((status >= 2) & (theme >= 0) & (theme < len(TROUBLES)), theme, -1)
    acted = np.where(status >= 2, (luck[4] * len(ACTIONS)).astype(np.int64), -1)
    given = 100 * np.array([0, 0, 0, 0, 10, 15, 25, 40, 60, 150])[(luck[5] * 10).astype(np.int64)]
    ahead = offsets(calendar.start, calendar.days, world.ZONE)

    def moments(at: Ints, blank: Flags | None = None) -> pa.Array:
        return times(at // seconds_a_day, at % seconds_a_day, calendar.start, ahead, blank=blank)

    columns = {
        "case_id": numbered("K-", np.arange(1, len(rows) + 1), 6),
        "customer": numbered("C-", answers.customer[rows] + 1, 6),
        "feedback_id": numbered("F-", rows + 1, 7),
        "opened_at": moments(opened),
        "contacted_at": moments(reached, status < 1),
        "closed_at": moments(closed, status < 3),
        "status": plain_words(status, STATUSES),
        "root_cause": plain_words(cause, THEMES),
        "action_taken": plain_words(acted, ACTIONS),
        "cost": money(np.where(status >= 2, given, 0)),
    }
    return check(CASES, pa.table(columns))


def issues_and_changes(calendar: Calendar) -> tuple[pa.Table, pa.Table]:
    """Five issues and the two changes made so far: one that worked and one that did not."""
    issues = [
        ("ISS-1", "Evening slowdowns in West", EVENINGS, "Ingrid Solheim", calendar.fix - 42, calendar.fix + 112),
        ("ISS-2", "First bill nobody understands", FIRST_BILL, "Tomasz Nowak", calendar.other_fix - 42, None),
        ("ISS-3", "Telling the same story twice", STORY, "Priya Raman", calendar.days - 68, None),
        ("ISS-4", "Price-rise letter", PRICE_RISE, "Daniel Okafor", calendar.days - 47, None),
        ("ISS-5", "Missed installation appointments", APPOINTMENTS, "Maeve Brennan", calendar.days - 5, None),
    ]
    changes = [
        ("CHG-1", "ISS-1", FIX, calendar.fix, "region=West"),
        ("CHG-2", "ISS-2", OTHER_FIX, calendar.other_fix, "plan=Home Plus"),
    ]
    number, title, theme, owner, accepted, closed = zip(*issues, strict=True)
    change, issue, made, effective, segments = zip(*changes, strict=True)
    return (
        check(ISSUES, pa.table({
            "issue": list(number), "title": list(title), "theme": [THEMES[code] for code in theme],
            "accountable": list(owner), "accepted_date": [calendar.date(day) for day in accepted],
            "closed_date": pa.array([None if day is None else calendar.date(day) for day in closed], pa.date32()),
        })),
        check(CHANGES, pa.table({
            "change_id": list(change), "issue": list(issue), "title": list(made),
            "effective_date": [calendar.date(day) for day in effective], "segments": list(segments),
        })),
    )  # fmt: skip
