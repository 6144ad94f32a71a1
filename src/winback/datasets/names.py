"""Names of invented people and companies, put together from hand-written parts. Nobody here exists."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_FIRST = (
    "Aoife", "Eoin", "Niamh", "Ciarán", "Siobhán", "Pádraig", "Gráinne", "Donal", "Róisín", "Declan", "Maeve", "Fergal",
    "Orla", "Brendan", "Sinéad", "Cormac", "Deirdre", "Lorcan", "Una", "Tadhg", "Emma", "Jack", "Grace", "Daniel",
    "Sophie", "Liam", "Hannah", "Tom", "Rachel", "Peter", "Olivia", "George", "Helen", "Martin", "Joan", "Colin",
    "Agnieszka", "Marek", "Katarzyna", "Tomasz", "Pavel", "Lucie", "Ana", "Miguel", "Lucía", "Rafael", "Beatriz", "João",
    "Giulia", "Luca", "Chloé", "Mathis", "Sanne", "Joost", "Ingrid", "Lars", "Freja", "Mikael", "Amara", "Kofi",
    "Ngozi", "Chidi", "Fatima", "Yusuf", "Leila", "Omar", "Priya", "Arjun", "Meera", "Vikram", "Mei", "Wei",
    "Linh", "Minh", "Hana", "Kenji", "Elif", "Emre", "Ioana", "Andrei", "Zsófia", "Gábor", "Eleni", "Nikos",
)  # fmt: skip
_LAST = (
    "Gallagher", "Brennan", "Keane", "Byrne", "Walsh", "Doyle", "Fitzpatrick", "Nolan", "Kinsella", "Molloy", "Tierney",
    "Hanrahan", "Costello", "Brogan", "Duignan", "Lennon", "Scanlon", "Whelan", "Cullinane", "Dempsey", "Foley",
    "Ashworth", "Pemberton", "Hartley", "Wickham", "Thorne", "Barlow", "Redfern", "Colley", "Marsden", "Ellwood",
    "Nowak", "Wiśniewska", "Zieliński", "Horák", "Dvořáková", "Ferrer", "Ruiz", "Ortega", "Costa", "Lima", "Pereira",
    "Ricci", "Moretti", "Lefèvre", "Garnier", "de Wit", "van Dijk", "Solheim", "Dahl", "Lindqvist", "Nyberg", "Diallo",
    "Mensah", "Okafor", "Adeyemi", "Haddad", "Rahimi", "Raman", "Iyer", "Chatterjee", "Desai", "Chen", "Zhang", "Tran",
    "Nguyen", "Tanaka", "Mori", "Yıldız", "Kaya", "Popescu", "Ionescu", "Kovács", "Szabó", "Papadakis", "Markou",
    "O'Leary", "O'Connor", "Ó Briain", "McGrath", "McArdle", "Fairweather", "Okonkwo", "Silva", "Novák", "Voss",
)  # fmt: skip
_FIRST_EAST = (
    "Anna", "Jonas", "Katrin", "Stefan", "Heike", "Uwe", "Birgit", "Jürgen", "Sabine", "Matthias", "Lena", "Felix",
    "Ursula", "Dieter", "Monika", "Holger", "Antje", "Torsten", "Claudia", "Ralf", "Greta", "Paul", "Mia", "Emil",
    "Johanna", "Till", "Franziska", "Moritz", "Renate", "Günter", "Ayşe", "Mehmet", "Elena", "Sergej", "Zeynep", "Ivan",
)  # fmt: skip
_LAST_EAST = (
    "Brandt", "Krause", "Vogel", "Lorenz", "Seidel", "Hartmann", "Böhm", "Ziegler", "Kühn", "Pohl", "Engel", "Busch",
    "Sauer", "Arnold", "Ritter", "Beck", "Haas", "Jäger", "Lindner", "Schreiber", "Voigt", "Otto", "Fuchs", "Winter",
    "Sommer", "Kramer", "Thiel", "Wendt", "Rohde", "Albrecht", "Ullrich", "Demir", "Öztürk", "Petrov", "Kowalski",
    "Neumann", "Reuter", "Hagen", "Kessler", "Stolz",
)  # fmt: skip
_WORD = (
    "Hazel", "Pine", "Linden", "Harbour", "Bridge", "Mill", "Corrib", "Clover", "Heron", "Granite", "Amber", "Fern",
    "Kestrel", "Willow", "Foxglove", "Meadow", "Copper", "Lantern", "Saltmarsh", "Thistle", "Quarry", "Juniper", "Anchor",
)  # fmt: skip
_PLACE = (
    "Dunmore", "Kilbride", "Ashford", "Westbrook", "Northgate", "Carrick", "Millbrook", "Easton", "Ardmore", "Rathlin",
    "Oakley", "Glenside", "Bellview", "Castleton", "Riverside", "Stonebridge", "Haverleigh", "Tannwald", "Lindau Road",
)  # fmt: skip

_COMPANIES: dict[str, tuple[str, ...]] = {
    "Retail": ("{place} Cycles", "{word} & {word2} Interiors", "{last} Books", "{last} & Sons Hardware", "{word} Florists",
               "{place} Farm Shop", "{last} Opticians", "The {word} Toy Shop"),
    "Health": ("{last} Dental Practice", "{place} Veterinary", "{last} Physiotherapy", "{place} Pharmacy",
               "{word} Care Home", "{place} Medical Centre", "{last} & {last2} Audiology"),
    "Hospitality": ("Hotel {word}", "The {word} Inn", "Café {last}", "{last} & Sons Bakery", "{place} Guesthouse",
                    "{word} Kitchen", "{place} Campsite"),
    "Trades": ("{last} Motors", "{last} Roofing", "{place} Joinery", "{last} & {last2} Electrical", "{word} Landscapes",
               "{last} Plumbing and Heating", "{place} Plant Hire"),
    "Professional services": ("{last} & {last2} Solicitors", "{last} Accountants", "{word} Architects", "{last} Insurance Brokers",
                              "{place} Translations", "{word} Studio", "{last} Surveyors"),
    "Education": ("{place} College", "St {first} School, {place}", "{word} Nursery", "{place} Driving School",
                  "{word} Language School", "{place} Music Academy"),
    "Manufacturing": ("{last} Precision Tools", "{place} Packaging", "{word} Ceramics", "{last} Dairies", "{place} Timber",
                      "{word} Instruments", "{last} Boats"),
}  # fmt: skip


def people_names(rng: np.random.Generator, east: NDArray[np.bool_]) -> list[str]:
    """A first and a last name for each; `east` marks those from the German-speaking region (most get such a name)."""
    draws = rng.random((len(east), 3))
    names = []
    for here, (luck, first, last) in zip(east.tolist(), draws.tolist(), strict=True):
        local = here and luck < 0.8
        firsts, lasts = (_FIRST_EAST, _LAST_EAST) if local else (_FIRST, _LAST)
        names.append(f"{firsts[int(first * len(firsts))]} {lasts[int(last * len(lasts))]}")
    return names


def company_names(rng: np.random.Generator, industries: list[str], east: NDArray[np.bool_]) -> list[str]:
    """A company's name for each, in the way of its industry.

    Raises KeyError for an industry that is not one of `industries_with_names()`.
    """
    draws = rng.random((len(industries), 7))
    names = []
    for industry, here, luck in zip(industries, east.tolist(), draws.tolist(), strict=True):
        lasts = _LAST_EAST if here and luck[6] < 0.7 else _LAST
        patterns = _COMPANIES[industry]
        first = int(luck[4] * len(_WORD))
        names.append(
            patterns[int(luck[0] * len(patterns))].format(
                last=lasts[int(luck[1] * len(lasts))],
                last2=lasts[int(luck[2] * len(lasts))],
                place=_PLACE[int(luck[3] * len(_PLACE))],
                word=_WORD[first],
                word2=_WORD[(first + 1 + int(luck[5] * (len(_WORD) - 1))) % len(_WORD)],
                first=_FIRST[int(luck[5] * len(_FIRST))],
            )
        )
    return names


def industries_with_names() -> tuple[str, ...]:
    """The industries companies belong to."""
    return tuple(_COMPANIES)
