"""The five minutes of docs/reference/mockbay.md, walked in a project that knows nothing of ours."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs/reference/mockbay.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)
FILES = dict(zip(("shop.py", "conftest.py", "test_shop.py"), BLOCKS, strict=True))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the files of the page and no settings of ours."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    return tmp_path


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_strangers_tests_run_as_the_page_says(project: Path, workers: str) -> None:
    environment = {n: v for n, v in os.environ.items() if not n.startswith(("PYTEST_", "TEST_"))}
    command = [sys.executable, "-W", "error", "-m", "pytest", "-q", "-n", workers]
    ran = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "2 passed" in ran.stdout
