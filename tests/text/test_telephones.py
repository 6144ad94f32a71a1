"""Telephone numbers in a text, and what looks like one."""

from __future__ import annotations

import pytest

from winback.errors import UserError
from winback.text.telephones import called, checked_regions, phones_in, region_of


def found(text: str, *regions: str) -> list[str]:
    return sorted({text[start:end] for start, end in phones_in(text, regions)})


@pytest.mark.parametrize(
    ("region", "said", "number"),
    [
        ("GB", "ring 020 7946 0018 ext. 214 please", "020 7946 0018 ext. 214"),
        ("DE", "Tel. 0221/4710123", "0221/4710123"),
        ("DE", "oder 0171.2345678", "0171.2345678"),
        ("FR", "Tél 01 42 68 53 00 poste 12 le matin", "01 42 68 53 00 poste 12"),
        ("ES", "Llamad al 612.345.678", "612.345.678"),
        ("PT", "Telemóvel 912-345-678", "912-345-678"),
        ("BR", "Meu zap (11) 9 1234-5678", "(11) 9 1234-5678"),
        ("US", "call 1 (212) 555-0143.", "1 (212) 555-0143"),
        ("CH", "Natel 079/123 45 67", "079/123 45 67"),
        ("PL", "Proszę dzwonić 601 234 567", "601 234 567"),
        ("GB", "my phone no. is 07700-900-461", "07700-900-461"),  # of no plan, but said to be one
    ],
)
def test_numbers_as_people_write_them(region: str, said: str, number: str) -> None:
    assert found(said, region) == [number]


@pytest.mark.parametrize(
    ("region", "said"),
    [
        ("GB", "Policy 01632 960983 lapsed"), ("DE", "Modell 0815-4711 A"), ("DE", "Steuernummer 0171 2345678"), ("ES", "Pedido n.º 612 345 678"),
        ("PT", "NIF 912345678"), ("CH", "Police 044 668 18 00"), ("PL", "zamówienie 601 234 567"), ("FR", "Réf 06.12.34.56.78"),
        ("GB", "number 1 of 20"), ("GB", "ring 1234 5"), ("DE", "am 12.11.2026 um 14:30"),
    ],
)  # fmt: skip
def test_numbers_of_orders_and_taxes_are_none(region: str, said: str) -> None:
    assert found(said, region) == []


def test_regions() -> None:
    assert checked_regions("gb, DE gb") == ("GB", "DE")
    assert checked_regions("") == ()
    with pytest.raises(UserError, match='"XX" is no country'):
        checked_regions("GB XX")
    assert (region_of("Europe/Lisbon"), region_of("UTC")) == ("PT", None)


def test_one_number_however_it_is_written() -> None:
    assert called("020 7946 0018", ("GB",)) == called("+44 (0)20 7946-0018", ()) == "+442079460018"
    assert called("020 7946 0018", ()) is None
    assert called("hello", ("GB",)) is None
