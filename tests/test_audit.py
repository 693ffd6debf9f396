"""`.ci/audit`: the look-up of advisories is never green by nothing."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
KNOWS_THE_BAD = 'grep -q jinja2==2.4.1 "${@: -1}" && { echo "jinja2 2.4.1 PYSEC-2014-8"; exit 1; }\n'
"""What a pip-audit does that reaches the advisories: the file that it is to look through comes last."""


@pytest.mark.parametrize(
    ("behaviour", "status", "said"),
    [
        ("echo 'Dependency not found on PyPI'; exit 1", 0, "SKIPPED"),
        ("echo 'No known vulnerabilities found'", 0, "SKIPPED"),
        (KNOWS_THE_BAD + "echo 'No known vulnerabilities found'", 0, "No known vulnerabilities"),
        (KNOWS_THE_BAD + "echo 'starlette 0.1 GHSA-xxxx'; exit 1", 1, "GHSA-xxxx"),
    ],
    ids=["out of reach", "knows nothing", "clean", "vulnerable"],
)
def test_an_audit_that_could_not_find_anything_says_skipped(
    tmp_path: Path, behaviour: str, status: int, said: str
) -> None:
    program = tmp_path / "pip-audit"
    program.write_text(f"#!/usr/bin/env bash\n{behaviour}\n")
    program.chmod(0o755)

    environment = os.environ | {"PIP_AUDIT": str(program)}
    done = subprocess.run([ROOT / ".ci" / "audit"], env=environment, capture_output=True, text=True)

    assert done.returncode == status
    assert said in done.stdout
    assert ("SKIPPED" in done.stdout) == (said == "SKIPPED")


def test_without_the_program_it_says_skipped(tmp_path: Path) -> None:
    environment = os.environ | {"PIP_AUDIT": str(tmp_path / "missing")}
    done = subprocess.run([ROOT / ".ci" / "audit"], env=environment, capture_output=True, text=True)

    assert (done.returncode, done.stdout[:7]) == (0, "SKIPPED")


def test_the_integration_runs_it() -> None:
    assert "\n.ci/audit\n" in (ROOT / ".ci" / "run").read_text()
