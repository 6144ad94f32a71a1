"""Who works where: workspaces, users, memberships with role and scope, keys, and the audit of what they did."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone

ROLES = ("viewer", "member", "manager", "admin")
SENDING = ("off", "listed", "on")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who signs in. Rights come from memberships alone; an operator may also make workspaces."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def initials(self) -> str:
        words = (self.name or self.email).split()
        return (
            "".join(word[0] for word in (words[0], words[-1]) if word)[:2].upper()
            if len(words) > 1
            else words[0][:2].upper()
        )


class Workspace(models.Model):
    """One company's programme: everything else belongs to exactly one."""

    slug = models.SlugField(max_length=50, unique=True)
    name = models.CharField(max_length=120)
    zone = models.CharField(max_length=64, default="UTC")
    currency = models.CharField(max_length=3, blank=True)
    minimum = models.PositiveSmallIntegerField(default=10)
    level = models.FloatField(default=0.95)
    rest_days_relationship = models.PositiveSmallIntegerField(default=90)
    rest_days_transactional = models.PositiveSmallIntegerField(default=30)
    touches_in_30_days = models.PositiveSmallIntegerField(default=4)
    double_coding = models.PositiveSmallIntegerField(default=10)  # percent of the desk's comments that two people code
    mask_comments = models.BooleanField(
        default=False
    )  # names, numbers and addresses in new comments, before they are stored
    language_model = models.BooleanField(default=False)  # whether comments may be sent to the one that is set up
    phone_regions = models.CharField(max_length=60, blank=True)  # countries of numbers without a +; blank: the zone's
    sending = models.CharField(max_length=6, default="off", choices=[(s, s) for s in SENDING])
    allow_list = models.TextField(blank=True)
    attributes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)
    removing_at = models.DateTimeField(null=True)  # from then on nobody reaches it; a job takes it away, row by row

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(sending__in=SENDING), name="workspace_sending"),
            models.CheckConstraint(condition=Q(level__gt=0.5, level__lt=1), name="workspace_level"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A user's role in a workspace, and what of it the user may see (`scope`; empty: everything).

    `scope` is {"segments": {attribute: [values]}, "teams": [names], "own": true}: see workspaces.rules.Scope.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=7, choices=[(r, r) for r in ROLES])
    scope = models.JSONField(default=dict, blank=True)
    team = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["workspace", "user"], name="membership_once"),
            models.CheckConstraint(condition=Q(role__in=ROLES), name="membership_role"),
        ]


class Welcome(models.Model):
    """An invitation to a colleague: a link that makes a membership once. Only the token's hash is kept."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="welcomes")
    email = models.EmailField()
    role = models.CharField(max_length=7, choices=[(r, r) for r in ROLES])
    scope = models.JSONField(default=dict, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)


class ApiKey(models.Model):
    """A key for the API: found by its public prefix, compared as SHA-256, shown once."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="keys")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    role = models.CharField(max_length=7, choices=[(r, r) for r in ROLES], default="member")
    scope = models.JSONField(default=dict, blank=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)


class AuditEvent(models.Model):
    """Who did what to what, and when. Written inside the action's transaction; never changed."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, null=True, related_name="audit")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    by_label = models.CharField(max_length=254, blank=True)
    verb = models.CharField(max_length=60)
    target = models.TextField(blank=True)  # as long as it is: a name cut in two would be found by no erasure
    detail = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["workspace", "-at", "-id"], name="audit_newest")]


class SavedView(models.Model):
    """A page with its choices, kept under a name for oneself or for everyone."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="views")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    shared = models.BooleanField(default=False)
    page = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=1000)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["workspace", "user", "page", "name"], name="saved_view_once")
        ]
