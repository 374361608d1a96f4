"""The service: every verb over HTTP, for those who may.

Conventions
-----------
- Routes translate only: they read a request, call one verb of :class:`ml.app.App` in a worker thread and write the
  answer. What is asked is checked by the verbs themselves, in the same words as on the command line.
- Every route has a line in :mod:`ml.service.policy`, which says who may call it; :mod:`ml.service.gate` is the only
  place that looks there. A route without a line cannot be made.
- Errors are problem documents (RFC 9457). The status of a user's error is in :mod:`ml.foundation.outcomes`; of a fault
  of ours nothing is told but the request's id, under which the log has it.
- Answers are the results of the verbs as JSON. Times are ISO 8601 in UTC, ids are outside ids.
"""
