"""The words that tell a group, each in one form, as customers write them."""

from __future__ import annotations

from winback.text.telling import telling_words


def test_a_word_that_is_everywhere_tells_less() -> None:
    words = telling_words([["late parcel lost", "parcel late"], ["rude agent parcel", "rude agent"]])
    assert words[0][0] == "late" and words[1] == ("rude agent", "parcel")


def test_contractions_and_small_words_of_five_languages_tell_nothing() -> None:
    said = [
        ["I've waited, we'll wait, it wasn’t the driver's fault"],
        ["Die Rechnung war nicht richtig", "L'appli est très lente"],
        ["La factura no es muy clara", "O produto não foi entregue"],
    ]
    words = telling_words(said)
    assert set(words[0]) == {"wait", "driver", "fault"}
    assert set(words[1]) == {"Rechnung", "richtig", "appli", "lente"}
    assert set(words[2]) == {"factura", "clara", "produto", "entregue"}


def test_what_is_mostly_denied_is_shown_so_as_customers_say_it() -> None:
    said = [
        ["No complaints", "I have no complaints at all", "No real complaints", "none, no complaints"],
        ["The line dropped", "Complaints were ignored", "The line is slow", "Line dead"],
        ["Não recebi o produto", "ainda não recebi a encomenda", "Eu não recebi nada", "a loja não respondeu"],
        ["Die Leitung geht nicht", "Das Telefon geht nicht", "Es geht nicht mehr", "Die Leitung ist tot"],
        ["L'appli ne fonctionne pas", "le site ne fonctionne pas", "ne fonctionne pas", "lent"],
        ["La app no funciona", "el router no funciona", "no funciona para mi casa", "todo muy lento"],
    ]
    words = telling_words(said)
    assert words[0][0] == "no complaints"
    assert words[1][0] == "line"
    assert "não recebi" in words[2]
    assert "geht nicht" in words[3]
    assert "fonctionne pas" in words[4]
    assert "no funciona" in words[5]


def test_in_portuguese_no_prazo_is_within_the_time_and_no_denial() -> None:
    said = ["entregue no prazo", "chegou no prazo e bem embalado", "tudo no prazo", "no prazo, recomendo muito"]
    assert telling_words([said, ["a loja não respondeu meu email"] * 3])[0][0] == "prazo"


def test_words_that_mostly_stand_together_are_one_and_verbs_keep_their_particle() -> None:
    said = [
        ["Bad side effects", "side effects every day", "No energy, side effects", "terrible side effects"],
        ["I cannot log in to top up", "top up failed", "my top up is gone", "when I top up it fails"],
    ]
    words = telling_words(said)
    assert words[0][0] == "side effects"
    assert words[1][0] == "top up"


def test_a_word_counts_once_in_all_its_forms() -> None:
    said = [
        ["The app is slow", "Both apps crash", "the app, the app"],
        ["Listened well", "They listen", "good listening"],
    ]
    words = telling_words(said)
    assert [word for word in words[0] if word.startswith("app")] == ["app"]
    assert len([word for word in words[1] if word.startswith("listen")]) == 1


def test_names_of_people_name_no_theme() -> None:
    said = [
        ["Sarah was so helpful on the phone", "Thanks to Sarah, helpful phone call", "sarah helpful as ever", "Sarah!"],
        ["The bill was wrong", "A wrong bill again", "My bill, wrong", "Wrong bill"],
        ["Frau Yilmaz hat zurückgerufen", "Von Frau Yilmaz zurückgerufen", "Herr Vogt hat zurückgerufen", "Gut, Herr Vogt"],
    ]  # fmt: skip
    words = telling_words(said)
    assert words[0][0] == "helpful" and not {"sarah", "Sarah"} & set(words[0])
    assert words[1] == ("wrong bill",)
    assert words[2][0] == "zurückgerufen" and not {"Vogt", "Yilmaz", "Frau", "Herr"} & {*words[2]}


def test_where_no_word_tells_anything_the_comment_itself_does_if_it_is_short() -> None:
    assert telling_words([["👍", "👍", "😍"], ["配達が遅い"], ["the of and " * 20]]) == [("👍",), ("配達が遅い",), ()]


def test_a_large_group_is_told_by_a_part_of_it_the_same_each_time() -> None:
    said = [f"parcel number {number} came late" for number in range(1_200)]
    others = ["the bill is wrong"] * 10
    assert telling_words([said, others]) == telling_words([said, others])
    assert telling_words([said, others])[0] == ("late", "parcel number")
