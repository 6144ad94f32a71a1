"""The English pieces: themes in the order of the codebook."""

from __future__ import annotations

from winback.datasets.comments.english.appointments import APPOINTMENTS
from winback.datasets.comments.english.bills import FIRST_BILL, PRICE_RISE
from winback.datasets.comments.english.frame import ENGLISH
from winback.datasets.comments.english.line import EVENINGS, ROUTER
from winback.datasets.comments.english.praise import EASY_APP, RELIABLE, REPAIR, SPEED, STAFF, VALUE
from winback.datasets.comments.english.rare import APP, BACKUP, MOVING
from winback.datasets.comments.english.support import STORY, WAITING

__all__ = ["FRAME", "PRAISE", "TROUBLES"]

FRAME = ENGLISH
TROUBLES = (APPOINTMENTS, FIRST_BILL, PRICE_RISE, EVENINGS, STORY, ROUTER, WAITING, MOVING, BACKUP, APP)
PRAISE = (STAFF, REPAIR, SPEED, RELIABLE, VALUE, EASY_APP)
