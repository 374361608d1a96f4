"""Fail where public data lies beside the repository and no test of it ran.

usage: count_realdata.py JUNIT_XML DATA_FOLDER
"""

import sys
from pathlib import Path
from xml.etree import ElementTree as ET


def ran(case: ET.Element) -> bool:
    """Tell whether a test case of real data was run; conftest.py writes the property."""
    marked = any(item.get("name") == "realdata" for item in case.iter("property"))
    return marked and case.find("skipped") is None


def main() -> None:
    """Count, print, and judge."""
    report, folder = Path(sys.argv[1]), Path(sys.argv[2])
    count = sum(map(ran, ET.parse(report).iter("testcase")))  # noqa: S314 - a file that our own run just wrote
    print(f"{count} tests of real data ran")
    if folder.is_dir() and count == 0:
        sys.exit(f"public data lies in {folder.resolve()}, and no test marked `realdata` ran")


if __name__ == "__main__":
    main()
