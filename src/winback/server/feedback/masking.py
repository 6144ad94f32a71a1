"""Personal data in comments and in other columns of sentences, masked before anything is stored, where the workspace asks for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from winback.server.customers.models import ContactProfile, CustomerProfile
from winback.server.workspaces.models import Workspace
from winback.server.workspaces.rules import phone_regions
from winback.text.masking import Masked, Masker

AT_ONCE = 500
REMEMBERED = 100_000  # customers whose names are held in memory
COMMENTS = "comments"  # beside the kinds of text.masking: how many answers had any
SENTENCE = 4  # words from which an attribute is looked at: a second comment, a note

Names = tuple[tuple[str, ...], tuple[str, ...]]  # of the customer, and of the people there
_NOBODY: Names = ((), ())


class Masking:
    """Masks the comments of one workspace, knowing its customers and the people there by name."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._masker = Masker(phone_regions(workspace))
        self._names: dict[int, Names] = {}

    def answers(
        self, said: Sequence[tuple[str, Mapping[str, str], int | None, str]]
    ) -> tuple[list[tuple[str, dict[str, str]]], dict[str, int]]:
        """Comments and attributes masked, in how many answers something was, and how much of each kind was found.

        `said` are comment, attributes, customer's id and respondent. A respondent who is called by a name is looked for by it.
        """
        self.learn({customer for comment, more, customer, _ in said if customer is not None and (comment or more)})
        counts: Counter[str] = Counter()
        texts: list[tuple[str, dict[str, str]]] = []
        for comment, attributes, customer, respondent in said:
            masked = self.one(comment, customer, respondent)
            more = self.sentences(attributes, customer, respondent)
            texts.append((masked.text, {**attributes, **{name: one.text for name, one in more.items()}}))
            if masked.found or more:
                counts[COMMENTS] += 1
                for one in (masked, *more.values()):
                    counts.update(one.counts())
        return texts, dict(counts)

    def sentences(self, attributes: Mapping[str, str], customer: int | None, respondent: str) -> dict[str, Masked]:
        """The attributes that are sentences in which something was found, by their names."""
        told = {name: value for name, value in attributes.items() if is_sentence(value)}
        masked = {name: self.one(value, customer, respondent) for name, value in told.items()}
        return {name: one for name, one in masked.items() if one.found}

    def one(self, comment: str, customer: int | None, respondent: str) -> Masked:
        """One comment, with the places of what was found. Names are known of customers who were learned."""
        if not comment:
            return Masked(comment)
        whole, people = self._names.get(customer or 0, _NOBODY)
        return self._masker(comment, whole=whole, people=(*people, respondent) if _is_name(respondent) else people)

    def row(self, row: Mapping[str, str], ids: Collection[str] = ()) -> dict[str, str]:
        """A row of a file with its texts masked; columns of ids stay as they are, unless they hold a sentence."""
        return {
            name: cell if name in ids and not is_sentence(cell) else self._masker(cell).text
            for name, cell in row.items()
        }  # fmt: skip

    def text(self, text: str) -> str:
        return self._masker(text).text

    def learn(self, customers: Collection[int]) -> None:
        """Look up what these customers and the people there are called."""
        if len(self._names) > REMEMBERED:
            self._names.clear()
        unknown = sorted(set(customers) - self._names.keys())
        for start in range(0, len(unknown), AT_ONCE):
            part = unknown[start : start + AT_ONCE]
            whole: dict[int, set[str]] = {}
            people: dict[int, set[str]] = {}
            profiles = CustomerProfile.objects.filter(customer_id__in=part).exclude(name="").order_by()
            for customer, name in profiles.values_list("customer_id", "name"):
                whole.setdefault(customer, set()).add(name)
            contacts = ContactProfile.objects.filter(customer_id__in=part).exclude(name="").order_by()
            for customer, name in contacts.values_list("customer_id", "name"):
                people.setdefault(customer, set()).add(name)
            for customer in part:
                self._names[customer] = (
                    (tuple(sorted(whole.get(customer, ()))), tuple(sorted(people.get(customer, ()))))
                    if customer in whole or customer in people
                    else _NOBODY
                )


def masking_of(workspace: Workspace) -> Masking | None:
    """What masks this workspace's comments; None where it asks for none of that."""
    return Masking(workspace) if workspace.mask_comments else None


def is_sentence(value: object) -> bool:
    """Whether a value is what somebody wrote, and not one of a list or an id."""
    return isinstance(value, str) and value.count(" ") >= SENTENCE - 1 and len(value.split()) >= SENTENCE


def _is_name(respondent: str) -> bool:
    """Whether a respondent is called by a name and not by an id or an address: letters, and a space in between."""
    return " " in respondent.strip() and not any(char.isdigit() or char == "@" for char in respondent)
