# SPDX-License-Identifier: MPL-2.0
"""What one may ask the guard about the first day, signing in and one's own account."""

from __future__ import annotations

from collections.abc import Sequence

from arkanum.guard import errors
from arkanum.guard import protocol as p
from arkanum.guard.asking.base import Asking


class AsksToSignIn(Asking):
    """Questions about the first day, signing in and one's own account."""

    def state(self) -> p.State:
        """Tell whether there is a practice and whether it is sealed."""
        return self.ask(p.AskState(), p.State)

    def judge_passphrase(self, passphrase: str, context: Sequence[str] = (), token: bytes = b"") -> tuple[str, ...]:
        """Return why a pass phrase would be refused; nothing when it is good."""
        question = p.JudgePassphrase(passphrase=passphrase, context=tuple(context), token=token)
        try:
            self.ask(question, p.Done)
        except errors.PassphraseTooWeak as weak:
            return weak.reasons
        return ()

    def found_practice(
        self, *, code: str, practice_name: str, name: str, login: str, passphrase: str, device_name: str
    ) -> p.Founded:
        """Make the practice and its first doctor."""
        question = p.FoundPractice(
            code=code,
            practice_name=practice_name,
            name=name,
            login=login,
            passphrase=passphrase,
            device_name=device_name,
        )
        return self.ask(question, p.Founded)

    def confirm_paper(self, token: bytes, *, first: str, second: str) -> None:
        """Type two paper codes back; then patients are accepted."""
        self.ask(p.ConfirmPaper(token=token, first=first, second=second), p.Done)

    def new_paper(self, token: bytes, *, passphrase: str) -> tuple[str, str, str]:
        """Make three new paper codes; the old ones open nothing any more."""
        return self.ask(p.NewPaper(token=token, passphrase=passphrase), p.Papers).paper_codes

    def sign_in(
        self,
        *,
        device_secret: bytes,
        login: str,
        passphrase: str,
        channel: bytes = b"",
        certificate: bytes = b"",
        leaves: bytes = b"",
    ) -> p.SignedIn:
        """Begin a session; its token is good on this channel only. `leaves` is the token this browser had before."""
        question = p.SignIn(
            device_secret=device_secret,
            login=login,
            passphrase=passphrase,
            channel=channel,
            certificate=certificate,
            leaves=leaves,
        )
        return self.ask(question, p.SignedIn)

    def sign_out(self, token: bytes) -> None:
        """End a session."""
        self.ask(p.SignOut(token=token), p.Done)

    def seal(self, token: bytes) -> None:
        """Seal the practice now."""
        self.ask(p.Seal(token=token), p.Done)

    def who(self, token: bytes) -> p.Who:
        """Tell who is at the screen."""
        return self.ask(p.AskWho(token=token), p.Who)

    def change_passphrase(self, token: bytes, *, old: str, new: str) -> None:
        """Choose another pass phrase."""
        self.ask(p.ChangePassphrase(token=token, old=old, new=new), p.Done)

    def recover_by_paper(
        self, *, first: str, second: str, login: str, passphrase: str, device_name: str, channel: bytes = b""
    ) -> p.SignedIn:
        """Open the practice with two paper codes."""
        question = p.RecoverByPaper(
            first=first,
            second=second,
            login=login,
            passphrase=passphrase,
            device_name=device_name,
            channel=channel,
        )
        return self.ask(question, p.SignedIn)
