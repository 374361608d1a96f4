"""Encryption at rest: personal fields and files that were sent are useless to whoever has only the disk.

What is encrypted
-----------------
Outside ids and profiles of listeners (``users``, ``subjects``), names of accounts and whom accounts, keys and
invitations are bound to, arguments and results of jobs, what saved searches and recipes ask for, files that wait for
their job, and rows that imports refused. Listens, feedback and models
speak of random keys, and stay as they are.

Conventions
-----------
- An *envelope*: a root key, which lies outside the workspace (:mod:`~ml.data.vault.sources`), wraps one data key a
  subject (``data_keys``); what is personal is sealed by its subject's data key. Deleting that key shreds all of it.
- AES-256-GCM with random nonces; table, column and subject are associated data (:mod:`~ml.data.vault.cipher`).
- What is looked up (an outside id, a login) has a blind index beside its ciphertext: a keyed hash, whose key is itself
  a data key, so that another root key changes no index.
- A root key has an id, which is stored beside all that it wraps. A process that meets an id it does not know reads its
  keys again: this is how root keys change under a running service (:mod:`~ml.data.vault.rotation`).
- Nothing is encrypted before ``ml keys init`` (:mod:`~ml.data.vault.sealing`); a workspace that is encrypted is not
  opened without its key. ``ml keys decrypt`` leads back (:mod:`~ml.data.vault.opening`). What both walk through is in
  :mod:`~ml.data.vault.rows` and :mod:`~ml.data.vault.waiting`.
"""

from ml.data.vault.cipher import Tampered
from ml.data.vault.root_keys import RootKey
from ml.data.vault.sources import KeySource, source_of
from ml.data.vault.vault import Vault, vault_of

__all__ = ["KeySource", "RootKey", "Tampered", "Vault", "source_of", "vault_of"]
