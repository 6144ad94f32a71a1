"""The sample company: an invented broadband provider for households and companies, with planted truths."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from winback.datasets import world
from winback.datasets.answers import Answers, collect, feedback_table
from winback.datasets.bulk import check_rows, feedback_of
from winback.datasets.cast import Cast
from winback.datasets.customer_tables import all_ends, customers_and_contacts, departures_table, periods_table
from winback.datasets.follow_up import cases_table, invitations_table, issues_and_changes
from winback.datasets.history import History, live
from winback.datasets.measure import Measure
from winback.datasets.money import Books, keep_books
from winback.datasets.moods import shift_for_odds
from winback.datasets.truths import Truths
from winback.datasets.world import Calendar
from winback.errors import UserError
from winback.tables import Tables

SMALLEST = 50


def sample_company(
    seed: int = 1, size: int = 4000, *, until: dt.date = world.UNTIL, answers: int | None = None
) -> Tables:
    """Larkspur Broadband, invented: 24 whole months of a company with `size` customers, as Arrow tables.

    Households and companies in five regions and on four plans; feedback with believable comments in English and
    German, invitations (nearly four in ten are answered, and not by chance), monthly money in EUR, departures, cases, issues
    and changes. Zone Europe/Dublin, scale 0-10. The same seed, size and last day give byte-identical tables on every
    machine; the seed of the documentation is 1.

    Planted, with the numbers of seed 1 in docs/reference/sample-company.md and as `Truths` from
    `sample_company_with_truths`:

    1. a flare-up: North x Business x partner, the last five calendar weeks, three times the odds of a detractor;
    2. its theme: missed installation appointments, which eight in ten of these detractors name;
    3. a fix that worked (West, the exchange: slow evenings are named less, the score rises) and one that did not
       (Home Plus, a leaflet about the first bill: nothing changes);
    4. profitable detractors: in the top margin tier they are over-represented on the plan Business;
    5. detractors leave 2.3 times as often as passives of the same plan and tenure;
    6. half way web invitations grow threefold: the score falls and nobody feels different;
    7. South x Enterprise goes silent in the last thirteen weeks.

    Repeat answers of a person correlate at about 0.6, so that half of all detractors "recover" by themselves; cases
    change nothing about that.

    With `answers` the feedback table has exactly so many rows, up to ten million, drawn from the same people and moods
    without the rest periods between invitations: for benchmarks. It then has no comments, and does not match the
    invitations, cases and departures; `write_feedback_parquet` does the same without holding it in memory.

    Raises UserError where the seed is negative, the size is under 50, `answers` is out of range, or `until` is not
    the last day of a month.
    """
    return make_company(seed, size, until).tables(answers)


def sample_company_with_truths(
    seed: int = 1, size: int = 4000, *, until: dt.date = world.UNTIL
) -> tuple[Tables, Truths]:
    """The sample company together with what was planted in it. Raises UserError as `sample_company` does."""
    made = make_company(seed, size, until)
    return made.tables(None), made.measure()


def sample_truths(seed: int = 1, size: int = 4000, *, until: dt.date = world.UNTIL) -> Truths:
    """What is planted in the sample company of a seed. Raises UserError as `sample_company` does."""
    return make_company(seed, size, until).measure()


@dataclass(frozen=True)
class Company:
    """All that was drawn, before it becomes tables."""

    cast: Cast
    history: History
    books: Books
    answers: Answers

    def measure(self) -> Truths:
        return Measure(self.cast, self.history, self.books, self.answers).truths()

    def tables(self, answers: int | None) -> Tables:
        cast, history, books = self.cast, self.history, self.books
        ends = all_ends(history.endings, books, cast.calendar)
        customers, contacts = customers_and_contacts(cast, books)
        issues, changes = issues_and_changes(cast.calendar)
        return Tables(
            feedback=feedback_table(cast, self.answers) if answers is None else feedback_of(cast, check_rows(answers)),
            customers=customers,
            contacts=contacts,
            customer_periods=periods_table(books, cast.calendar),
            departures=departures_table(cast, ends, self.answers, books),
            invitations=invitations_table(cast, history.asked),
            cases=cases_table(cast, self.answers),
            issues=issues,
            changes=changes,
            currency=world.CURRENCY,
            zone=world.ZONE,
        )


def make_company(seed: int, size: int, until: dt.date = world.UNTIL) -> Company:
    """The sample company before it becomes tables, which take longest. Raises UserError as `sample_company` does."""
    check_seed(seed)
    if size < SMALLEST:
        raise UserError(
            f"A sample company of {size} customers is too small to hold its truths; take at least {SMALLEST}."
        )
    cast = Cast.gather(seed, size, Calendar(until))
    # Who will answer in the flare-up is known after a first run; its strength is set on them and the two years run again.
    first = live(cast).asked
    hit = first.answered & first.flare & ~first.skipped
    calm = first.mood[hit] - cast.moods.flare_shift
    cast = cast.with_flare_shift(shift_for_odds(calm, np.ones(len(calm)), world.FLARE_ODDS))
    history = live(cast)
    return Company(cast, history, keep_books(cast, history.endings), collect(cast, history))


def check_seed(seed: int) -> None:
    """Raises UserError where the seed is negative."""
    if seed < 0:
        raise UserError(f"The seed {seed} is negative; take a whole number from 0 on.")
