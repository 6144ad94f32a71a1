"""The German pieces: the same themes in the same order as the English ones."""

from __future__ import annotations

from winback.datasets.comments.german.frame import GERMAN
from winback.datasets.comments.german.installation_and_bills import APPOINTMENTS, FIRST_BILL, PRICE_RISE
from winback.datasets.comments.german.line_and_support import APP, BACKUP, EVENINGS, MOVING, ROUTER, STORY, WAITING
from winback.datasets.comments.german.praise import EASY_APP, RELIABLE, REPAIR, SPEED, STAFF, VALUE

__all__ = ["FRAME", "PRAISE", "TROUBLES"]

FRAME = GERMAN
TROUBLES = (APPOINTMENTS, FIRST_BILL, PRICE_RISE, EVENINGS, STORY, ROUTER, WAITING, MOVING, BACKUP, APP)
PRAISE = (STAFF, REPAIR, SPEED, RELIABLE, VALUE, EASY_APP)
