"""A page in Markdown and in HTML."""

from __future__ import annotations

from tuodi.language.page import Bullets, Page, Section, Table, html, markdown

PAGE = Page(
    title="救助 <说明>",
    blocks=("一段\n文字 *带星*",),
    sections=(
        Section(
            title="金额", blocks=(Table(headers=("项目", "元"), rows=(("a|b", "1,000.00"),), right=frozenset({1})),)
        ),
        Section(title="其余", blocks=(Bullets(items=("甲_乙", "`丙`")),), level=3),
    ),
)


def test_markdown_escapes_what_it_would_read_as_its_own() -> None:
    assert (
        "# 救助 &lt;说明>\n\n一段 文字 \\*带星\\*\n\n## 金额\n\n"
        "| 项目 | 元 |\n| --- | ---: |\n| a\\|b | 1,000.00 |\n\n### 其余\n\n- 甲\\_乙\n- \\`丙\\`\n"
    ) == markdown(PAGE)


def test_html_is_one_file_that_needs_no_other() -> None:
    written = html(PAGE)

    assert written.startswith("<!doctype html>")
    assert "<title>救助 &lt;说明&gt;</title>" in written
    assert '<td>a|b</td><td class="right">1,000.00</td>' in written
    assert "<h3>其余</h3>\n<ul>\n<li>甲_乙</li>\n<li>`丙`</li>\n</ul>" in written
    assert "@page { size: A4" in written
    assert not any(outside in written for outside in ("http://", "https://", "<script", "<link", "src="))
