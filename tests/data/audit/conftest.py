"""A log to write to, and the folder it lies in."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ml.data.audit import AuditLog, Deed, Key, records, verify


@dataclass
class Desk:
    """Opens logs as processes do, and closes them after the test."""

    folder: Path
    key_file: Path
    logs: list[AuditLog] = field(default_factory=list)

    def open(self, **options):
        # Anchors at openings alone, unless a test wants them: numbers of records are those of the test.
        log = AuditLog(self.folder, self.key_file, **{"anchor_s": 3600.0} | options)
        self.logs.append(log)
        return log

    def write(self, count=1, **options):
        """A process that comes, records and goes."""
        log = self.open(**options)
        for number in range(count):
            record(log, request=f"r{number}")
        log.close()

    def verify(self, **options):
        return verify(self.folder, keys=[Key.kept(self.key_file)], **options)

    def read(self, what=None):
        return [each for each in records(self.folder) if what is None or each["what"] == what]

    @property
    def files(self):
        return sorted(self.folder.glob("*.jsonl"))


def record(log, **fields):
    return log.record(Deed(**{"who": "account:1", "what": "recommendations.read", "how": "api"} | fields))


@pytest.fixture
def desk(tmp_path):
    found = Desk(tmp_path / "audit", tmp_path / "audit.key")
    yield found
    for log in found.logs:
        log.close()
