"""Do-not-call and suppression lists: taken in as fingerprints of their addresses, and looked up for people."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from winback.errors import UserError
from winback.server.customers.contact_rules import ScreenedList
from winback.server.customers.models import CHANNELS, SuppressedAddress, SuppressionList
from winback.server.database import atomic
from winback.server.workspaces import audit
from winback.server.workspaces.access import Access
from winback.server.workspaces.models import Workspace
from winback.server.workspaces.rules import phone_regions

AT_ONCE = 500  # addresses looked up in one query


def load_suppression_list(
    *, access: Access, name: str, channel: str, screened_on: dt.date, lines: Any, valid_days: int = 30
) -> int:
    """Take a do-not-call or suppression list: one address a line. It replaces the list of the same name.

    Returns how many addresses it holds. Raises UserError where there is none, or the date lies ahead.
    """
    if screened_on > timezone.now().date() + dt.timedelta(days=1):
        raise UserError(
            f"The list was screened on {screened_on}, which is still to come. Give the day it was screened."
        )
    if channel not in ("", *CHANNELS):
        raise UserError(f'"{channel}" is none of {", ".join(CHANNELS)}.')
    addresses = {text for line in lines if (text := _first_cell(line)) and _is_address(text)}
    digests = address_digests(addresses, access.workspace)
    if not digests:
        raise UserError("No e-mail address and no telephone number stands in the file; it should have one a line.")
    normal = {address_digest(text) for text in addresses}
    with atomic():
        # two who load the same list at once: neither sees the other's before it is there, and both would add it
        Workspace.objects.select_for_update(no_key=True).get(pk=access.workspace.pk)
        SuppressionList.objects.filter(workspace=access.workspace, name=name).delete()
        made = SuppressionList.objects.create(
            workspace=access.workspace, name=name, channel=channel, screened_on=screened_on, valid_days=valid_days,
            loaded_by=access.user,
        )  # fmt: skip
        SuppressedAddress.objects.bulk_create(
            (SuppressedAddress(list=made, digest=digest) for digest in sorted(digests)), batch_size=5000
        )
        audit.record(
            verb="suppression list loaded", target=name, by=access, addresses=len(normal), screened_on=str(screened_on)
        )
    return len(normal)


def remove_suppression_list(*, access: Access, name: str) -> None:
    """Take a list away: it bars nobody any more."""
    with atomic():
        gone, _ = SuppressionList.objects.filter(workspace=access.workspace, name=name).delete()
        if not gone:
            raise UserError(f'There is no list "{name}"; load the page again.')
        audit.record(verb="suppression list removed", target=name, by=access)


def screened(addresses: Mapping[int, Iterable[str]], workspace: Workspace) -> Mapping[int, tuple[ScreenedList, ...]]:
    """Every list of the workspace as it is for each of these people, by the addresses each of them has."""
    found: dict[int, tuple[ScreenedList, ...]] = defaultdict(tuple)
    lists = list(SuppressionList.objects.filter(workspace=workspace))
    if not lists:
        return found
    digests = {pk: address_digests(texts, workspace) for pk, texts in addresses.items()}
    wanted = sorted(set().union(*digests.values())) if digests else []
    hits: set[tuple[int, str]] = set()
    for start in range(0, len(wanted), AT_ONCE):
        some = SuppressedAddress.objects.filter(list__in=lists, digest__in=wanted[start : start + AT_ONCE])
        hits |= set(some.values_list("list_id", "digest"))
    for pk, mine in digests.items():
        found[pk] = tuple(
            ScreenedList(
                item.name, item.channel, item.screened_on + dt.timedelta(days=item.valid_days),
                any((item.pk, digest) in hits for digest in mine),
            )
            for item in lists
        )  # fmt: skip
    return found


def address_digests(texts: Iterable[str], workspace: Workspace) -> set[str]:
    """The digests by which addresses are looked for in lists: as they are written, and numbers also as the world dials them.

    A number without its country is one of the workspace's countries: 020 7946 0018 is +44 20 7946 0018 in the United Kingdom.
    """
    from winback.text.telephones import called

    regions = phone_regions(workspace)
    spelled = {text for text in texts if text}
    spelled |= {number for text in spelled if "@" not in text and (number := called(text, regions))}
    return {address_digest(text) for text in spelled}


def address_digest(text: str) -> str:
    """The SHA-256 of an address in its normal form: mail in small letters, a number as its digits from the country's on.

    The (0) of +49 (0)170 is dialled inside the country only. A number without its country stands for itself alone: nobody
    can tell from 0170 which country it is in.
    """
    text = text.strip()
    if re.match(r"\s*(\+|00)", text):
        text = text.replace("(0)", "")
    normal = text.lower() if "@" in text else re.sub(r"[^\d+]", "", text).removeprefix("+").removeprefix("00")
    return hashlib.sha256(normal.encode()).hexdigest()


def _first_cell(line: str) -> str:
    return re.split(r"[,;\t]", line.strip(), maxsplit=1)[0].strip().strip('"')


def _is_address(text: str) -> bool:
    return bool(re.fullmatch(r"[^@\s]+@[^@\s]+", text)) or len(re.sub(r"\D", "", text)) >= 6
