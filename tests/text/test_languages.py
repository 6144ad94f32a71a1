"""Languages told by small words, by a model where there is enough, and not at all where neither tells."""

from __future__ import annotations

import pytest

from winback.text.languages import language_of, understood


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The staff were very kind and the food was good", "en"),
        ("Die Lieferung war leider nicht sehr schnell", "de"),
        ("La livraison est arrivée trop tard et le produit est cassé", "fr"),
        ("El pedido llegó tarde y no me gustó la atención", "es"),
        ("O produto chegou antes do prazo, recomendo muito", "pt"),
        ("Товар пришёл вовремя, спасибо продавцу за быструю доставку", "ru"),
        ("Rechnung falsch", "de"),
        ("Leider nie erreichbar", "de"),
        ("trop cher", "fr"),
        ("Personne ne rappelle", "fr"),
        ("demasiado lento", "es"),
        ("Nadie contesta", "es"),
        ("nao recebi", "pt"),
        ("Entrega atrasada", "pt"),
        ("Nobody rang back", "en"),
        ("Obsługa bardzo miła", "pl"),
        ("Müşteri hizmetleri cevap vermiyor", "tr"),
        ("配達が遅い", "ja"),
        ("خدمة سيئة جدا", "ar"),
        ("Internet", None),
        ("Top!", None),
        ("12345", None),
    ],
)
def test_languages(text: str, language: str | None) -> None:
    assert language_of(text) == language


def test_what_is_understood() -> None:
    assert understood("Top!", None) and understood("Sehr gut", "de")
    assert not understood("Obsługa bardzo miła", "pl") and not understood("ไม่ดี", None)
