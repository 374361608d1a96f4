"""The service, asked from Python: every operation of its API a method, at once or awaited.

Conventions
-----------
- :class:`Client` and :class:`AsyncClient` have the same verbs, named like the operations of the OpenAPI document; the
  second one's are awaited. What they take are the fields of the requests, what they give are the answers as plain
  dictionaries and lists, as the document says.
- Refusals are raised as the errors of :mod:`ml.foundation.errors`, with the service's own words.
- What can be asked twice without doing anything twice is asked again where the service is busy or away for a moment.
"""

from ml.client.client import AsyncClient, Client

__all__ = ["AsyncClient", "Client"]
