# SPDX-License-Identifier: MPL-2.0
"""All tables. A column is a `SealedField`, or `arkanum.storage.plain.PLAIN` says what it tells a thief."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from arkanum.storage.fields import SealedField


class Practice(models.Model):
    """One practice with its own root keys; one installation may hold several."""

    id = models.UUIDField(primary_key=True)
    accepts_patients = models.BooleanField(default=False)
    sequence = models.BigIntegerField(default=0)
    directory_sequence = models.BigIntegerField(default=0)
    argon2_memory_kib = models.PositiveIntegerField()
    argon2_passes = models.PositiveSmallIntegerField()
    argon2_lanes = models.PositiveSmallIntegerField()
    recovery_public_key = models.BinaryField()
    log_ring_public_key = models.BinaryField()
    log_verify_key = models.BinaryField()
    log_signing_key = SealedField()
    recovery_site = SealedField()
    profile = SealedField()
    directory_head = SealedField()


class Authority(models.Model):
    """A practice's own certificate authority on its network: the key sealed, what it says in the open."""

    practice = models.OneToOneField(Practice, models.CASCADE, primary_key=True, related_name="+")
    key = SealedField()
    certificate = models.BinaryField()
    revoked = models.BinaryField()


class HouseRules(models.Model):
    """What a practice set for its brake. Always of one size, so that it tells nothing of what stands in it."""

    practice = models.OneToOneField(Practice, models.CASCADE, primary_key=True, related_name="+")
    body = SealedField()


class PaperShare(models.Model):
    """The recovery key, wrapped under one pair of the three paper codes."""

    id = models.UUIDField(primary_key=True)
    practice = models.ForeignKey(Practice, models.CASCADE, related_name="+")
    pair = models.PositiveSmallIntegerField()
    recovery_key = SealedField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["practice", "pair"], name="one_share_a_pair")]


class Device(models.Model):
    """A browser or workplace of the practice: its secret unwraps the site secret.

    On the network it also has a certificate: the fingerprint says which, the number is what a revocation names. While
    it was renewed and the fresh one has not been used yet, the old one stands beside it. A
    device on the server's own machine has none.
    """

    id = models.UUIDField(primary_key=True)
    practice = models.ForeignKey(Practice, models.CASCADE, related_name="+")
    site = SealedField()
    label = SealedField()
    added_on = models.DateField()
    certificate = models.BinaryField(null=True, unique=True, max_length=32)
    certificate_serial = models.BinaryField(null=True, max_length=20)
    certificate_until = models.DateField(null=True)
    old_certificate = models.BinaryField(null=True, unique=True, max_length=32)
    old_certificate_serial = models.BinaryField(null=True, max_length=20)


class Person(models.Model):
    """Someone who works here. Name, role and dates are sealed with the site secret."""

    id = models.UUIDField(primary_key=True)
    practice = models.ForeignKey(Practice, models.CASCADE, related_name="+")
    login_tag = models.BinaryField(unique=True, max_length=32)
    salt = models.BinaryField(max_length=32)
    public_key = models.BinaryField()
    private_key = SealedField()
    body = SealedField()
    left = models.BooleanField(default=False)


class Pin(models.Model):
    """What tells a person's PIN from a wrong one, sealed with that person's own private key."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="+")
    body = SealedField()


class Passkey(models.Model):
    """A passkey of a person: site secret and private key, in letters to the pair that only the authenticator computes.

    `vouch` says under the private key to which pair it was sent, so that nobody who does not hold it can put another
    in its place before the next one is sent.
    """

    id = models.UUIDField(primary_key=True)
    practice = models.ForeignKey(Practice, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    credential = models.BinaryField(unique=True, max_length=32)
    salt = models.BinaryField(max_length=32)
    site = SealedField()
    private_key = SealedField()
    vouch = SealedField()
    body = SealedField()


class RingKey(models.Model):
    """One generation of a ring: its public key, attested under the site secret."""

    id = models.UUIDField(primary_key=True)
    practice = models.ForeignKey(Practice, models.CASCADE, related_name="+")
    ring = models.CharField(max_length=16)
    generation = models.PositiveIntegerField()
    public_key = models.BinaryField()
    attest = SealedField()
    rotation_due = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "ring", "generation"], name="one_key_a_generation")
        ]


class RingShare(models.Model):
    """A ring's private key, sealed to one member; without a person, to the recovery key.

    `member` says under the ring's own key which public key that was, so that nobody who does not hold the ring can put
    another in its place before the next rotation.
    """

    id = models.UUIDField(primary_key=True)
    ring_key = models.ForeignKey(RingKey, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", null=True)
    private_key = SealedField()
    member = SealedField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["ring_key", "person"], name="one_share_a_member")]


class Epoch(models.Model):
    """A ring's epoch key, sealed to the ring; it wraps the chart keys."""

    id = models.UUIDField(primary_key=True)
    practice = models.ForeignKey(Practice, models.CASCADE, related_name="+")
    ring = models.CharField(max_length=16)
    number = models.PositiveIntegerField()
    ring_key = models.ForeignKey(RingKey, models.CASCADE, related_name="+")
    key = SealedField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "ring", "number"], name="one_epoch_a_number")
        ]


class Wall(models.Model):
    """A further ring of fewer people, for the charts that stand behind it.

    `escrow` is the wall's epoch key under that of the treatment ring, where its members let others in in an emergency;
    else an envelope that nothing opens.
    """

    id = models.UUIDField(primary_key=True)
    practice = models.ForeignKey(Practice, models.CASCADE, related_name="+")
    ring = models.CharField(max_length=16)
    body = SealedField()
    escrow = SealedField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["practice", "ring"], name="one_wall_a_ring")]


class Throttle(models.Model):
    """How often sign-in failed for one device or one login name."""

    tag = models.BinaryField(primary_key=True, max_length=32)
    failures = models.PositiveIntegerField()
    retry_after = models.DateTimeField()


class Chart(models.Model):
    """One patient under one ring: the wrapped key, and the sealed head of the chart's chain of records.

    Behind a wall the key is wrapped under the wall's ring instead of the chart's own.
    """

    id = models.UUIDField(primary_key=True)
    practice = models.ForeignKey(Practice, models.CASCADE, related_name="+")
    patient_id = models.UUIDField()
    ring = models.CharField(max_length=16)
    wall = models.CharField(max_length=16, default="", blank=True)
    key = SealedField()
    length = models.PositiveIntegerField(default=0)
    head = SealedField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "patient_id", "ring"], name="one_chart_a_ring")
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "wall"], name="charts_behind_walls", condition=~models.Q(wall=""))
        ]


class Record(models.Model):
    """One version of one record. Written once, never changed, never removed (§ 630f BGB)."""

    id = models.UUIDField(primary_key=True)
    chart = models.ForeignKey(Chart, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    record_id = models.UUIDField()
    version = models.PositiveIntegerField()
    log_no = models.BigIntegerField()
    sequence = models.BigIntegerField()
    body = SealedField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chart", "number"], name="one_record_a_number"),
            models.UniqueConstraint(fields=["chart", "record_id", "version"], name="one_record_a_version"),
        ]
        indexes: ClassVar = [models.Index(fields=["sequence"], name="record_sequence")]


class DirectoryPage(models.Model):
    """The cards of up to 256 patients, kept by the guard so that unsealing is quick. Rebuildable."""

    id = models.UUIDField(primary_key=True)
    practice = models.ForeignKey(Practice, models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    body = SealedField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["practice", "number"], name="one_page_a_number")]


class ImportJob(models.Model):
    """A file on its way into the charts. Its key is that of a chart with the job's own id; file and plan lie sealed."""

    id = models.UUIDField(primary_key=True)
    practice = models.ForeignKey(Practice, models.CASCADE, related_name="+")
    started_on = models.DateField()
    version = models.PositiveIntegerField(default=1)
    body = SealedField()
    progress = SealedField()
    file_bytes = models.BigIntegerField()
