"""Every model of the one Django application, by slice."""

from __future__ import annotations

from winback.server.customers.models import (
    Contact,
    ContactBasis,
    ContactLog,
    ContactProfile,
    Customer,
    CustomerPeriod,
    CustomerProfile,
    Departure,
    Invitation,
    OpenComplaint,
    OptOut,
    Segmentation,
    StopReason,
    SuppressedAddress,
    SuppressionList,
)
from winback.server.feedback.models import Feedback, FeedbackTold
from winback.server.jobs.models import Job
from winback.server.outbox.models import Delivery, OutboxMessage, WebhookTarget
from winback.server.privacy.models import AccessExport, Erasure, RetentionRule
from winback.server.runs.models import AnalysisRun
from winback.server.sources.models import DirtyDay, LateWrite, RejectedRow, Source, SyncRun
from winback.server.themes.models import (
    CodebookChange,
    CodebookVersion,
    Coding,
    DeskLease,
    MovedCoding,
    Reading,
    Skipped,
    Theme,
)
from winback.server.watch.models import (
    Alarm,
    AlarmEvent,
    SegmentOwner,
    Telling,
    TellingChoice,
    Watch,
    WatchPlan,
)
from winback.server.workspaces.models import ApiKey, AuditEvent, Membership, SavedView, User, Welcome, Workspace

__all__ = [
    "AccessExport",
    "Alarm",
    "AlarmEvent",
    "AnalysisRun",
    "ApiKey",
    "AuditEvent",
    "CodebookChange",
    "CodebookVersion",
    "Coding",
    "Contact",
    "ContactBasis",
    "ContactLog",
    "ContactProfile",
    "Customer",
    "CustomerPeriod",
    "CustomerProfile",
    "Delivery",
    "Departure",
    "DeskLease",
    "DirtyDay",
    "Erasure",
    "Feedback",
    "FeedbackTold",
    "Invitation",
    "Job",
    "LateWrite",
    "Membership",
    "MovedCoding",
    "OpenComplaint",
    "OptOut",
    "OutboxMessage",
    "Reading",
    "RejectedRow",
    "RetentionRule",
    "SavedView",
    "SegmentOwner",
    "Segmentation",
    "Skipped",
    "Source",
    "StopReason",
    "SuppressedAddress",
    "SuppressionList",
    "SyncRun",
    "Telling",
    "TellingChoice",
    "Theme",
    "User",
    "Watch",
    "WatchPlan",
    "WebhookTarget",
    "Welcome",
    "Workspace",
]  # fmt: skip
