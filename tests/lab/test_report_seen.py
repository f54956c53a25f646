"""Pages as a browser lays them out: on an office screen and on a phone nothing runs over the edge."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.lab.test_report_pages import REPORTS
from tuodi.lab.report.page import page

CHROMIUM = shutil.which("chromium")

FRAME = """<title>none</title><body style="margin:0">
<script>onmessage = one => { document.title = one.data }</script>
<iframe src="page.html" style="width:WIDTHpx;height:9000px;border:0"></iframe>"""

MEASURE = "<script>parent.postMessage(document.documentElement.scrollWidth + ' ' + innerWidth, '*')</script></body>"


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
@pytest.mark.parametrize("width", [1366, 390])
@pytest.mark.parametrize("name", REPORTS)
def test_a_page_is_no_wider_than_its_screen(name: str, width: int, tmp_path: Path) -> None:
    text = re.sub(r"<meta http-equiv[^>]*>", "", page(REPORTS[name]())).replace("</body>", MEASURE)
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    (tmp_path / "frame.html").write_text(FRAME.replace("WIDTH", str(width)), encoding="utf-8")
    command = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=3000"]
    command += ["--allow-file-access-from-files", f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom"]
    shown = subprocess.run([*command, f"file://{tmp_path}/frame.html"], capture_output=True, text=True, check=True)
    measured = re.search(r"<title>(\d+) (\d+)</title>", shown.stdout)

    assert measured, shown.stderr
    assert int(measured[1]) <= int(measured[2]) == width
