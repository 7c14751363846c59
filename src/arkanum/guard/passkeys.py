# SPDX-License-Identifier: MPL-2.0
"""Passkeys: an authenticator computes a secret from a salt (WebAuthn PRF), and that secret opens a person's key.

From the secret follows a key pair, as from a device's. The row holds the site secret and the person's private key in
letters to it: so a passkey stands for device and pass phrase together, both can be told anew without the authenticator,
and a row without it opens nothing. The signature is checked as well; it is the opening that lets somebody in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction

from arkanum.core.ids import new_id
from arkanum.guard import webauthn
from arkanum.guard.account import mark_known
from arkanum.guard.bodies import PasskeyBody, open_body, seal_body
from arkanum.guard.challenges import Waiting
from arkanum.guard.errors import AlreadyThere, NotFound, SignInRefused, WrongCode
from arkanum.guard.house import ALARM, Guard, attested_member, person_body
from arkanum.guard.log import Event, now
from arkanum.guard.own_keys import send_private
from arkanum.guard.people import about, has_left, open_own
from arkanum.guard.places import passkey_place
from arkanum.guard.protocol import (
    AddPasskey,
    AskChallenge,
    BeginPasskey,
    Challenge,
    Done,
    PasskeyToMake,
    RemovePasskey,
    RemovePasskeysOf,
    RenamePasskey,
    SignedIn,
    SignInByPasskey,
)
from arkanum.guard.resting import NOTED_EVERY, known_device
from arkanum.guard.roles import Action
from arkanum.guard.sessions import Session
from arkanum.guard.signing_in import let_in
from arkanum.guard.site import rotate_site
from arkanum.storage import people
from arkanum.storage import unlocks as rows
from arkanum.storage.errors import Missing
from arkanum.storage.models import Passkey
from arkanum.vault import Key, PrivateKey, VaultError, open_with, seal_to

PRF_BYTES = 32
LONGEST_LABEL = 80
SALT = sha256(b"arkanum/1/passkey prf\0").digest()
"""One salt for all: who comes in has said no name yet, so there is nothing to look another one up by."""

MOST_PASSKEYS = 10


def begin_passkey(guard: Guard, question: BeginPasskey) -> PasskeyToMake:
    """Ask for the pass phrase, and say what the authenticator is to make.

    Raises:
        SignInRefused: the pass phrase is wrong.
        Throttled: too many wrong ones.
        AlreadyThere: this person has as many passkeys as one may have.
    """
    session = guard.session(question.token, Action.OWN_ACCOUNT)
    own = rows.passkeys(session.person)
    if len(own) >= MOST_PASSKEYS:
        raise AlreadyThere
    _, private = open_own(guard, session, question.passphrase, "add_passkey")
    site = session.practice.site
    return PasskeyToMake(
        challenge=guard.challenges.make(question.host, question.origin, session.person, private),
        user=session.person.bytes,
        login=session.body.login,
        name=session.body.name,
        known=tuple(body.credential for row in own if (body := body_of(site, row)) is not None),
        salt=SALT,
    )


def add_passkey(guard: Guard, question: AddPasskey) -> Done:
    """Keep what the authenticator made, with the keys that it will open.

    Raises:
        WrongCode: it took too long, or was begun by somebody else.
        SignInRefused: what the authenticator says does not hold.
        AlreadyThere: it is kept already.
    """
    session = guard.session(question.token, Action.OWN_ACCOUNT)
    challenge = webauthn.challenge_in(question.client_data)
    waiting = guard.challenges.take(challenge)
    if waiting is None or waiting.private is None or waiting.person != session.person:
        raise WrongCode
    credential, cose, counter = webauthn.require_new(
        question.client_data, question.attestation, challenge, waiting.host, waiting.origin
    )
    if len(question.prf) != PRF_BYTES:
        raise SignInRefused
    with guard.lock:
        guard.session(question.token, Action.OWN_ACCOUNT)  # nobody ended it meanwhile
        person = people.person(session.practice.id, session.person)
        if attested_member(session.practice.site, person).public != waiting.private.public:
            raise WrongCode  # another pass phrase was chosen meanwhile
        guard.note(session, "add_passkey")
        row = Passkey(id=new_id(), practice_id=session.practice.id, person_id=session.person)
        row.credential, row.salt = sha256(credential).digest(), Key.new().expose()
        pair = _pair(question.prf, bytes(row.salt))
        body = PasskeyBody(
            name=question.name.strip()[:LONGEST_LABEL] or "Passkey",
            host=waiting.host,
            added=date.today(),  # noqa: DTZ011 - calendar day
            credential=credential,
            cose=cose,
            counter=counter,
            public=pair.public.to_bytes(),
        )
        row.site = seal_to(pair.public, passkey_place(row.id, "site"), session.practice.site.expose())
        row.body = seal_body(session.practice.site, passkey_place(row.id, "body"), body)
        send_private(row, pair.public, waiting.private)
        _insert(row)
        mark_known(guard, session)
    return Done()


def rename_passkey(guard: Guard, question: RenamePasskey) -> Done:
    """Call one's own passkey something else.

    Raises:
        NotFound: this person has no such passkey.
    """
    with guard.lock:
        session = guard.session(question.token, Action.OWN_ACCOUNT)
        row = rows.passkey(question.passkey)
        if row is None or row.person_id != session.person:
            raise NotFound
        place, site = passkey_place(row.id, "body"), session.practice.site
        body = open_body(site, place, row.body, PasskeyBody)
        name = question.name.strip()[:LONGEST_LABEL] or body.name
        row.body = seal_body(site, place, msgspec.structs.replace(body, name=name))
        rows.save_passkey(row)
    return Done()


def remove_passkey(guard: Guard, question: RemovePasskey) -> Done:
    """End what one's own passkey opens, at once.

    Raises:
        NotFound: this person has no such passkey.
    """
    with guard.lock:
        session = guard.session(question.token, Action.OWN_ACCOUNT)
        guard.note(session, "remove_passkey", detail=str(question.passkey))
        try:
            rows.remove_passkey(session.person, question.passkey)
        except Missing as error:
            raise NotFound from error
        _forget(guard, session, frozenset({question.passkey}))
    return Done()


def remove_passkeys_of(guard: Guard, question: RemovePasskeysOf) -> Done:
    """End what all passkeys of another person open; their pass phrase stays.

    Raises:
        NotFound: there is no such person.
        Refused: it is the asker, or somebody who has left and has none.
    """
    with guard.lock:
        session, row, _ = about(guard, question.token, question.person)
        guard.note(session, "remove_passkeys_of", detail=str(row.id))
        gone = frozenset(one.id for one in rows.passkeys(row.id))
        rows.drop_passkeys(row.id)
        _forget(guard, session, gone)
    return Done()


def ask_challenge(guard: Guard, question: AskChallenge) -> Challenge:
    """Give whoever wants in something to sign."""
    return Challenge(challenge=guard.challenges.make(question.host, question.origin), salt=SALT)


def sign_in_by_passkey(guard: Guard, question: SignInByPasskey) -> SignedIn:
    """Begin a session for whoever holds the authenticator and was recognised by it; works while all is sealed.

    Raises:
        WrongCode: the challenge is used, late, or from before the guard started.
        SignInRefused: unknown or removed passkey, wrong signature, or it opens nothing: one and the same answer.
    """
    challenge = webauthn.challenge_in(question.client_data)
    waiting = guard.challenges.take(challenge)
    if waiting is None or waiting.person is not None:
        raise WrongCode
    row = rows.passkey_of_credential(sha256(question.credential).digest())
    try:
        opened = _open(question, row, challenge, waiting)
        with guard.lock:
            return _enter(guard, question, opened)
    except (SignInRefused, VaultError, ValueError):
        _note_refusal(guard, row)
        raise SignInRefused from None


def body_of(site: Key, row: Passkey) -> PasskeyBody | None:
    """Open what is sealed about a passkey; nothing where the row is damaged."""
    try:
        return open_body(site, passkey_place(row.id, "body"), row.body, PasskeyBody)
    except VaultError:
        return None


@dataclass(frozen=True, slots=True)
class Opened:
    """What an authenticator opened, and the counter that it signed."""

    row: Passkey
    site: Key
    body: PasskeyBody
    private: PrivateKey
    counter: int


def _open(question: SignInByPasskey, row: Passkey | None, challenge: bytes, waiting: Waiting) -> Opened:
    """Open the keys with what the authenticator computed, and check what it signed."""
    if row is None or len(question.prf) != PRF_BYTES:
        raise SignInRefused
    pair = _pair(question.prf, bytes(row.salt))
    site = Key.from_bytes(open_with(pair, passkey_place(row.id, "site"), row.site))
    body = open_body(site, passkey_place(row.id, "body"), row.body, PasskeyBody)
    if body.host != waiting.host or body.credential != question.credential:
        raise SignInRefused
    signed = webauthn.Signed(question.credential, question.client_data, question.authenticator_data, question.signature)
    counter = webauthn.require_signed(signed, body.cose, challenge, waiting.host, waiting.origin)
    private = PrivateKey.from_bytes(open_with(pair, passkey_place(row.id, "private_key"), row.private_key))
    return Opened(row, site, body, private, counter)


def _enter(guard: Guard, question: SignInByPasskey, opened: Opened) -> SignedIn:
    """Begin the session, unless passkey, device or person went meanwhile."""
    row, site, private = opened.row, opened.site, opened.private
    current = rows.passkey(row.id)
    if current is None or current.site.to_storage() != row.site.to_storage():
        raise SignInRefused
    person = people.person(row.practice_id, row.person_id)
    sealed = person_body(site, person)
    if has_left(person, sealed) or guard.is_over(sealed.until) or sealed.must_change:
        raise SignInRefused
    if attested_member(site, person).public != private.public:
        raise SignInRefused  # an old private key opens nothing that matters, and must not look as if it did
    if (opened.counter or opened.body.counter) and opened.counter <= opened.body.counter:
        line = Event(at=now(), what="passkey_copied", person=person.id, outcome=ALARM)
        guard.logs[row.practice_id].append(line)
        raise SignInRefused
    device = _device(question, row)
    body = msgspec.structs.replace(opened.body, counter=opened.counter)
    current.body = seal_body(site, passkey_place(row.id, "body"), body)
    rows.save_passkey(current)
    return let_in(guard, (site, person, sealed, private), device, channel=question.channel, leaves=question.leaves)


def _device(question: SignInByPasskey, row: Passkey) -> UUID:
    """Return where somebody with a passkey sits: at a device of the practice, or, on loopback, at the passkey itself.

    Raises:
        SignInRefused: the certificate on the network is of no device of this practice.
    """
    found = known_device(question.device_secret, question.channel)
    if found is not None and found[0].practice_id == row.practice_id:
        return found[0].id
    if not question.channel:
        return row.id
    device = people.device(UUID(bytes=question.channel))
    if device is None or device.practice_id != row.practice_id:
        raise SignInRefused
    return device.id


def _pair(prf: bytes, salt: bytes) -> PrivateKey:
    return PrivateKey.from_bytes(Key.from_bytes(prf).derive("passkey", salt).expose())


def _insert(row: Passkey) -> None:
    try:
        with transaction.atomic():
            rows.save_passkey(row)
    except IntegrityError as error:
        raise AlreadyThere from error


def _forget(guard: Guard, session: Session, gone: frozenset[UUID]) -> None:
    """End what stands for removed passkeys, and change the site secret that they knew."""
    practice = session.practice
    guard.end_sessions(lambda other: other.device in gone)
    if gone and guard.opened.get(practice.id) is practice:
        rotate_site(guard, practice)


def _note_refusal(guard: Guard, row: Passkey | None) -> None:
    """Note at most one line a minute, so that nobody fills the log."""
    with guard.lock:
        if guard.passkey_noted is not None and guard.clock() - guard.passkey_noted < NOTED_EVERY:
            return
        guard.passkey_noted = guard.clock()
        person: UUID | None = None if row is None else row.person_id
        logs = guard.logs.values() if row is None else (guard.logs[row.practice_id],)
        for log in tuple(logs):
            log.append(Event(at=now(), what="sign_in", person=person, outcome="refused", detail="passkey"))
