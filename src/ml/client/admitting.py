"""The verbs about who gets in, and what they did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ml.client.asked import Role
from ml.client.asking import delete, get, post, put, read
from ml.client.verbs import Many, Nothing, One, Raw, Verbs


class Admitting(Verbs[One, Many, Raw, Nothing]):
    """What is asked about keys, accounts, sessions and the audit log."""

    def setup_state(self) -> One:
        """Tell whether the first account is still to be made."""
        return self._one(get("/setup"))

    def log_in(self, name: str, password: str, *, code: str | None = None) -> One:
        """Begin a session: what is asked from now on is asked as this account."""
        return self._one(post("/session", body={"name": name, "password": password, "code": code}))

    def log_out(self) -> Nothing:
        """End the session."""
        return self._nothing(delete("/session"))

    def who_asks(self) -> One:
        """Tell who asks, and what they may."""
        return self._one(get("/session"))

    def list_sessions(self) -> Many:
        """List where one is logged in, the newest first."""
        return self._many(get("/sessions"))

    def end_session(self, session_id: str) -> Nothing:
        """End one of one's own sessions."""
        return self._nothing(delete("/sessions/{}", session_id))

    def end_sessions(self, *, others: bool = False) -> One:
        """End all of one's own sessions, or all but the one that asks."""
        return self._one(delete("/sessions", others=others))

    def change_password(self, old: str, new: str, *, code: str | None = None) -> One:
        """Change one's own password; every session of the account ends, and a new one begins."""
        return self._one(put("/session/password", {"old": old, "new": new, "code": code}, again=False))

    def second_factor_state(self) -> One:
        """Tell whether one is asked for more than a password."""
        return self._one(get("/session/second-factor"))

    def begin_second_factor(self, password: str) -> One:
        """Draw a secret for an app; it counts once a code of it was shown."""
        return self._one(post("/session/second-factor", body={"password": password}))

    def confirm_second_factor(self, code: str) -> One:
        """Take the secret into use by a code of it; the answer has recovery codes."""
        return self._one(put("/session/second-factor", {"code": code}, again=False))

    def remove_second_factor(self, password: str, *, code: str) -> One:
        """Be asked for the password only from now on."""
        return self._one(post("/session/second-factor/removal", body={"password": password, "code": code}))

    def reset_second_factor(self, name: str) -> One:
        """Ask an account for its password only, where somebody has lost app and codes; its sessions end."""
        return self._one(delete("/accounts/{}/second-factor", name))

    def look_at_invitation(self, token: str) -> One:
        """Tell what a link would make."""
        return self._one(read("/invitation/look", {"token": token}))

    def accept_invitation(self, token: str, *, name: str, password: str) -> One:
        """Make the account of a link, and begin a session."""
        return self._one(post("/invitation", body={"token": token, "name": name, "password": password}))

    def list_invitations(self, *, count: int = 100, before: str | None = None) -> Many:
        """List the links that can be accepted, the newest first."""
        return self._many(get("/invitations", count=count, before=before))

    def invite(self, role: Role, *, user_id: str | None = None) -> One:
        """Make a link that makes one account."""
        return self._one(post("/invitations", body={"role": role, "user_id": user_id}))

    def withdraw_invitation(self, invitation_id: str) -> Nothing:
        """Make a link void."""
        return self._nothing(delete("/invitations/{}", invitation_id))

    def list_accounts(self, *, count: int = 100, before: int | None = None) -> Many:
        """List the accounts, the newest first."""
        return self._many(get("/accounts", count=count, before=before))

    def disable_account(self, name: str) -> One:
        """Let nobody in by an account any more; its sessions end."""
        return self._one(post("/accounts/{}/disable", name))

    def enable_account(self, name: str) -> One:
        """Let an account in again."""
        return self._one(post("/accounts/{}/enable", name))

    def list_keys(self, *, count: int = 100, before: str | None = None) -> Many:
        """List the keys, the newest first; revoked ones too."""
        return self._many(get("/keys", count=count, before=before))

    def create_key(
        self,
        name: str,
        role: Role,
        *,
        scopes: Sequence[str] = (),
        user_id: str | None = None,
        expires_at: datetime | None = None,
    ) -> One:
        """Make a key for a program."""
        return self._one(
            post(
                "/keys",
                body={"name": name, "role": role, "scopes": scopes, "user_id": user_id, "expires_at": expires_at},
            )
        )

    def rotate_key(self, key_id: str, *, overlap_s: float = 0.0) -> One:
        """Give a key a new secret."""
        return self._one(post("/keys/{}/rotate", key_id, body={"overlap_s": overlap_s}))

    def revoke_key(self, key_id: str) -> One:
        """Make a key invalid, from the next request on."""
        return self._one(delete("/keys/{}", key_id))

    def read_audit(
        self,
        *,
        who: str | None = None,
        what: str | None = None,
        user_id: str | None = None,
        result: str | None = None,
        since: str | None = None,
        until: str | None = None,
        count: int = 100,
    ) -> One:
        """Give the last records: who did what, when, on whom, with what result."""
        return self._one(
            get("/audit", who=who, what=what, user_id=user_id, result=result, since=since, until=until, count=count)
        )

    def verify_audit(self) -> One:
        """Read every record, and tell what was changed, removed, inserted or cut off."""
        return self._one(get("/audit/verification"))
