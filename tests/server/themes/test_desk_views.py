"""The sorting desk through its forms, as without script."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.server.factories import Cast
from tests.server.themes.worlds import coded, guessed, said, standing, themes
from winback.server.customers.models import Customer
from winback.server.privacy.actions import erase_customer
from winback.server.themes.actions import merge, retire
from winback.server.themes.models import Coding, DeskLease, Reading
from winback.server.themes.rules import words_digest
from winback.server.workspaces.models import Workspace

pytestmark = pytest.mark.django_db
DESK = "/w/larkspur/desk/"


def begin(client: Client, **queue: object) -> tuple[str, str]:
    """The address of the next comment, and its page."""
    answer = client.post(f"{DESK}next", {"act": "next", **queue}, follow=True)
    return answer.redirect_chain[-1][0], answer.content.decode()


def test_without_reasons_the_desk_leads_to_them(cast: Cast, amara: Client) -> None:
    assert "No reasons to sort by yet" in amara.get(DESK).content.decode()


def test_one_comment_after_another(cast: Cast, amara: Client) -> None:
    late, rude = themes(cast, "Late", "Rude")
    first, second = said(cast, "a", "came late & <b>rude</b>"), said(cast, "b", "fine")
    guessed(first, [late], 0.2)
    guessed(second, [rude], 0.7)
    address, page = begin(amara)
    assert "came late &amp; &lt;b&gt;rude" in page and "20 % sure" in page
    answer = amara.post(address, {"act": "save", "code": [late.pk, rude.pk], "digest": words_digest(first.comment), f"words-{rude.pk}": "rude", "order": "unsure"}, follow=True)  # fmt: skip
    assert "fine" in answer.content.decode() and "1 coded by you today" in answer.content.decode()
    assert standing(first) == ("person", {"Late", "Rude"})
    assert Coding.objects.filter(theme=rude, reading__kind="person").values_list("start", "end").get() == (15, 19)
    answer = amara.post(answer.redirect_chain[-1][0], {"act": "none", "digest": words_digest("fine")}, follow=True)
    assert "Nothing is left to code" in answer.content.decode()
    assert standing(second) == ("person", set())


def test_who_comes_back_to_the_next_comment_from_signing_in_is_led_to_the_desk(cast: Cast, amara: Client) -> None:
    (late,) = themes(cast, "Late")
    guessed(said(cast, "a"), [late])
    answer = amara.get(f"{DESK}next")
    assert (answer.status_code, answer["Location"]) == (302, DESK)
    assert not DeskLease.objects.exists(), "looking takes no comment"


def test_nothing_ticked_is_asked_again_and_skipping_goes_on(cast: Cast, amara: Client) -> None:
    themes(cast, "Late")
    said(cast, "a", "first words")
    said(cast, "b", "second words")
    address, _ = begin(amara, order="newest")
    answer = amara.post(address, {"act": "save", "digest": "0"})
    assert (answer.status_code, "Nothing is ticked" in answer.content.decode()) == (409, True)
    skipped = amara.post(address, {"act": "skip"}, follow=True)
    assert "first words" in skipped.content.decode()
    amara.post(skipped.redirect_chain[-1][0], {"act": "leave"})
    assert not DeskLease.objects.exists()
    assert amara.get(address).status_code == 404


def test_a_theme_that_went_while_it_was_ticked_is_told_and_the_rest_stays_ticked(cast: Cast, amara: Client) -> None:
    late, rude, slow = themes(cast, "Late", "Rude", "Slow")
    row = said(cast, "a", "late and rude")
    address, _ = begin(amara)
    retire(access=cast.access("hanna"), pk=late.pk)
    posted = {"act": "save", "code": [late.pk, rude.pk], "digest": words_digest(row.comment)}
    answer = amara.post(address, posted)
    page = answer.content.decode()
    assert answer.status_code == 409 and "“Late”" not in page and "was retired while you coded" in page
    assert re.search(rf'value="{rude.pk}" checked', page)
    merge(access=cast.access("hanna"), pk=rude.pk, into=slow.pk)
    answer = amara.post(address, {**posted, "code": [rude.pk]}, follow=True)
    assert "has been merged into &quot;Slow&quot; meanwhile" in answer.content.decode()
    assert standing(row) == ("person", {"Slow"})


def test_ones_last_comment_comes_back_with_what_one_chose(cast: Cast, amara: Client) -> None:
    (late,) = themes(cast, "Late")
    assert "not coded anything yet" in amara.post(f"{DESK}next", {"act": "back"}, follow=True).content.decode()
    coded(cast, said(cast, "a"), [late])
    page = amara.post(f"{DESK}next", {"act": "back"}, follow=True).content.decode()
    assert "save to correct it" in page and re.search(rf'value="{late.pk}" checked', page)


def test_disagreements_are_settled_on_their_page(cast: Cast, amara: Client, hanna: Client) -> None:
    Workspace.objects.filter(pk=cast.larkspur.pk).update(double_coding=100)
    late, rude = themes(cast, "Late", "Rude")
    row = said(cast, "a", "late")
    coded(cast, row, [late])
    second = coded(cast, row, [rude], "ingrid")
    assert "a third person, or a manager, settles it" in amara.get(f"{DESK}disagreements/").content.decode()
    page = hanna.get(f"{DESK}disagreements/").content.decode()
    assert "Amara Diallo" in page and "Ingrid Solheim" in page
    assert "1 disagreement" in hanna.get(DESK).content.decode()
    posted = {"source": row.source_id, "external_id": "a", "digest": second.digest}
    assert amara.post(f"{DESK}settle", {**posted, "as": second.pk}).status_code == 403
    done = hanna.post(f"{DESK}settle", {**posted, "as": second.pk}, follow=True).content.decode()
    assert "Settled." in done and "Nothing to settle" in done
    assert standing(row) == ("settled", {"Rude"})
    hanna.post(f"{DESK}settle", {**posted, "code": [late.pk, rude.pk]})
    assert standing(row) == ("settled", {"Late", "Rude"})
    assert Reading.objects.count() == 3
    assert hanna.post(f"{DESK}settle", {}).status_code == 400


def test_what_was_found_in_a_comment_that_left_the_desk_is_saved_all_the_same(cast: Cast, amara: Client) -> None:
    late, rude = themes(cast, "Late", "Rude")
    row, other = said(cast, "a", "late"), said(cast, "b", "rude")
    address, page = begin(amara, order="newest")
    first = row if "late</blockquote>" in page else other
    DeskLease.objects.all().delete()  # a quarter of an hour later somebody asked for the next one
    coded(cast, first, [rude], "ingrid")
    posted = {"act": "save", "code": [late.pk], "digest": words_digest(first.comment), "order": "newest", "source": first.source_id, "external_id": first.external_id}  # fmt: skip
    page = amara.post(address, posted, follow=True).content.decode()
    assert "was saved all the same" in page
    assert standing(first) == ("person", {"Rude"}), "the first person's counts"
    assert Reading.objects.filter(external_id=first.external_id, kind="person", double="done").count() == 2
    assert amara.post(address, {**posted, "code": []}).status_code == 400
    assert amara.post(address, {**posted, "source": "x"}).status_code == 404
    assert amara.post(address, {**posted, "act": "skip"}).status_code == 404


def test_words_that_were_marked_stay_so_when_a_theme_went(cast: Cast, amara: Client) -> None:
    late, rude = themes(cast, "Late", "Rude")
    row = said(cast, "a", "late and rude")
    address, _ = begin(amara)
    retire(access=cast.access("hanna"), pk=late.pk)
    posted = {
        "act": "save",
        "code": [late.pk, rude.pk],
        "digest": words_digest(row.comment),
        f"words-{rude.pk}": "rude",
    }
    assert f'name="words-{rude.pk}" value="rude"' in amara.post(address, posted).content.decode()


def test_a_theme_that_went_during_a_long_break_loses_nothing_of_the_choice(cast: Cast, amara: Client) -> None:
    late, rude = themes(cast, "Late", "Rude")
    row = said(cast, "a", "late and rude")
    address, _ = begin(amara)
    DeskLease.objects.all().delete()
    retire(access=cast.access("hanna"), pk=late.pk)
    posted = {
        "act": "save", "code": [late.pk, rude.pk], "digest": words_digest(row.comment), f"words-{rude.pk}": "rude",
        "source": row.source_id, "external_id": "a",
    }  # fmt: skip
    answer = amara.post(address, posted)
    page = answer.content.decode()
    assert (answer.status_code, "was retired while you coded" in page) == (409, True)
    assert f'name="words-{rude.pk}" value="rude"' in page
    assert standing(row) is None
    (again,) = re.findall(r'action="([^"]+)" data-desk', page)
    assert again != address, "it lies on their desk again"
    amara.post(again, {**posted, "code": [rude.pk]})
    assert standing(row) == ("person", {"Rude"})


def test_a_form_sent_twice_codes_once(cast: Cast, amara: Client) -> None:
    (late,) = themes(cast, "Late")
    row = said(cast, "a", "late")
    said(cast, "b", "fine")
    address, page = begin(amara, order="newest")
    first = row if "late</blockquote>" in page else said(cast, "b", "fine")
    posted = {"act": "save", "code": [late.pk], "digest": words_digest(first.comment), "order": "newest", "source": first.source_id, "external_id": first.external_id}  # fmt: skip
    one, two = (amara.post(address, posted).headers["Location"] for _ in range(2))
    assert one == two, "the next comment waits, once"
    assert Reading.objects.filter(kind="person").count() == 1


def test_a_comment_that_was_erased_on_the_desk_is_gone_and_codes_nothing(cast: Cast, amara: Client) -> None:
    (late,) = themes(cast, "Late")
    row = said(cast, "a", "late", customer="C-1")
    address, _ = begin(amara)
    erase_customer(customer=Customer.objects.get(external_id="C-1"))
    posted = {"act": "save", "code": [late.pk], "digest": words_digest("late"), "source": row.source_id, "external_id": "a"}  # fmt: skip
    assert amara.post(address, posted).status_code == 404
    assert amara.get(address).status_code == 404
    assert not Reading.objects.exists()


def test_a_scope_counts_what_it_shows(cast: Cast, norah: Client, hanna: Client) -> None:
    (late,) = themes(cast, "Late")
    for name, region in (("a", "North"), ("b", "South"), ("c", "South")):
        guessed(said(cast, name, attributes={"region": region}), [late])
    coded(cast, said(cast, "d", attributes={"region": "South"}), [late], "ingrid")
    assert "0 comments coded by people, 1 by the model alone" in norah.get(DESK).content.decode()
    assert "1 comment coded by people, 3 by the model alone" in hanna.get(DESK).content.decode()


def test_anothers_comment_is_not_there_to_be_guessed(cast: Cast, amara: Client, norah: Client, nell: Client) -> None:
    (late,) = themes(cast, "Late")
    row = said(cast, "a", "late", attributes={"region": "South"})
    address, _ = begin(amara)
    posted = {"act": "save", "code": [late.pk], "digest": words_digest("late"), "source": row.source_id, "external_id": "a"}  # fmt: skip
    for client in (norah, nell):
        for answer in (client.get(address), client.post(address, posted), client.post(f"{DESK}settle", posted)):
            assert answer.status_code == 404
            assert "late" not in answer.content.decode().casefold().replace("related", "")
    assert not Reading.objects.exists()
