"""No secret is on the disk, in a log, or in what is printed of an object."""

import logging

from ml.data.access.tokens import Token
from ml.data.store import Store

from .conftest import PASSWORD, HandClock, access_to


def test_no_secret_is_found_in_the_files_of_the_database_or_in_a_log(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("sqlalchemy").setLevel(logging.INFO)
    try:
        store, clock = Store(f"sqlite:///{tmp_path / 'ml.db'}"), HandClock()
        access = access_to(store, clock)
        key, token = access.keys.create("navidrome", role="service")
        _, rotated = access.keys.rotate(key.id, overlap_s=60)
        _, setup = access.invitations.set_up()
        account = access.invitations.accept(setup, name="anna", password=PASSWORD)
        _, invitation = access.invitations.invite(role="analyst")
        session, cookie, csrf = access.sessions.open(access.accounts.verify("anna", PASSWORD))
        who = [access.keys.authenticate(each) for each in (token, rotated)] + [access.sessions.authenticate(cookie)]
    finally:
        logging.getLogger("sqlalchemy").setLevel(logging.NOTSET)
    secrets = [each.split("_", 2)[2] for each in (token, rotated, setup, invitation, cookie)] + [csrf, PASSWORD]
    said = caplog.text + repr([key, account, session, who, access, Token.read("ml", token)])
    files = [path for path in tmp_path.iterdir() if path.name.startswith("ml.db")]
    assert key.id in said
    assert any(key.id.encode() in path.read_bytes() for path in files), "the search would find it"
    for secret in secrets:
        assert secret not in said
        assert not any(secret.encode() in path.read_bytes() for path in files)
    store.close()
    assert not any(secret.encode() in (tmp_path / "ml.db").read_bytes() for secret in secrets)
