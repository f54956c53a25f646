"""How a report looks: two greys and one colour, red only for what needs a person; fonts are the reader's own."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light; --main: #1f5f99; --before: #9aa5b1; --pale: #d3dfeb; --alarm: #b3261e;
  --ink: #1d2329; --soft: #5b6570; --line: #dfe4e9; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem 1.25rem 4rem; color: var(--ink); background: #fff;
  font: 16px/1.7 "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC",
    "WenQuanYi Micro Hei", SimSun, sans-serif; }
h1 { font-size: 1.65rem; line-height: 1.35; margin: 0; }
h2 { font-size: 1.2rem; margin: 0 0 .5rem; color: var(--main); }
h3, figcaption { font-size: 1rem; font-weight: 600; margin: 0 0 .4rem; }
header p, .note, nav, small { color: var(--soft); }
header p { margin: .25rem 0 0; }
section { margin-top: 2.4rem; }
p { margin: .4rem 0 .8rem; } ul { padding-left: 1.2rem; margin: .4rem 0; }
.note { font-size: .85rem; margin: .3rem 0 0; }
.question, .answer { border-left: 4px solid var(--pale); padding: .2rem 0 .2rem 1rem; margin-top: 1.2rem; }
.answer { border-color: var(--main); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: .75rem;
  margin: 1rem 0 0; }
.figure { border: 1px solid var(--line); border-radius: 6px; padding: .6rem .8rem; display: flex;
  flex-direction: column; line-height: 1.4; }
.figure span { font-size: .85rem; color: var(--soft); }
.figure strong { font-size: 1.35rem; font-variant-numeric: tabular-nums; }
.figure small { font-size: .8rem; min-height: 1.1rem; }
strong.main { color: var(--ink); } strong.alarm, .value.alarm { color: var(--alarm); }
strong.before { color: var(--soft); }
nav { margin-top: 1.6rem; font-size: .9rem; border-block: 1px solid var(--line); padding: .4rem 0; }
nav a { color: inherit; margin-right: 1.1rem; text-decoration: none; white-space: nowrap; display: inline-block; }
nav a:hover { color: var(--main); text-decoration: underline; }
figure, .table { margin: 1.4rem 0; }
figure svg { display: block; overflow: visible; }
.row { display: grid; grid-template-columns: minmax(7rem, 15rem) 1fr; gap: .1rem 1rem; padding: .28rem 0;
  align-items: center; }
.label { font-size: .92rem; line-height: 1.35; text-align: right; color: var(--ink); }
.group { font-weight: 600; font-size: .92rem; margin: .9rem 0 .1rem; }
.strip { display: grid; grid-template-columns: 1fr 11.5rem; gap: .6rem; align-items: center; min-height: 20px; }
.value { font-size: .85rem; line-height: 1.3; font-variant-numeric: tabular-nums; color: var(--ink); }
.value.before { color: var(--soft); }
rect.main, circle.main { fill: var(--main); } rect.before, circle.before { fill: var(--before); }
rect.alarm, circle.alarm { fill: var(--alarm); } rect.pale, circle.pale { fill: var(--pale); }
i.main { background: var(--main); } i.before { background: var(--before); }
i.alarm { background: var(--alarm); } i.pale { background: var(--pale); }
line.axis { stroke: #69747f; } line.grid { stroke: var(--line); }
line.level { stroke: var(--alarm); stroke-dasharray: 5 4; }
polyline.curve { fill: none; stroke: var(--main); stroke-width: 2; }
text { font-size: 13px; fill: var(--ink); } text.level { fill: var(--alarm); }
.legend, .said { list-style: none; padding: 0; margin: .1rem 0 .5rem; font-size: .85rem; color: var(--soft);
  display: flex; flex-wrap: wrap; gap: .1rem 1rem; }
.legend i, .said i { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin-right: .35em; }
.plot { position: relative; margin: .6rem 0 0 4.6rem; }
.plot.curve { margin-left: 0; }
.ticks span { position: absolute; left: -4.6rem; width: 4.2rem; text-align: right; transform: translateY(50%);
  font-size: .78rem; color: var(--soft); line-height: 1; }
.months { display: flex; overflow: hidden; margin: .25rem 0 0 4.6rem; font-size: .78rem; color: var(--soft); }
.months span { flex: 1 1 0; min-width: 0; display: flex; justify-content: center; white-space: nowrap; }
.ends { display: flex; justify-content: space-between; font-size: .82rem; color: var(--soft); margin-top: .3rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; line-height: 1.45; }
th, td { border-bottom: 1px solid var(--line); padding: .34rem .55rem; text-align: left; vertical-align: top; }
th { color: var(--soft); font-weight: 600; vertical-align: bottom; } th small { font-weight: 400; white-space: nowrap; }
.right { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.short { white-space: nowrap; }
th.right { white-space: normal; min-width: 4.6em; }
td:first-child { min-width: 7em; }
dl { display: grid; grid-template-columns: minmax(6rem, 12rem) 1fr; gap: .2rem 1rem; font-size: .88rem; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 40rem) {
  body { padding: 1rem .9rem 3rem; } h1 { font-size: 1.35rem; }
  .row { grid-template-columns: 1fr; gap: .1rem; } .label { text-align: left; }
  .strip { grid-template-columns: 1fr 8.6rem; } .value { font-size: .8rem; }
  dl { grid-template-columns: 1fr; } dd { margin-bottom: .4rem; }
  .months { font-size: .62rem; } td:first-child { min-width: 9em; } .figures { grid-template-columns: repeat(2, 1fr); }
  .figure strong { font-size: 1.1rem; }
}
@media print {
  @page { size: A4; margin: 16mm; }
  body { padding: 0; max-width: none; font-size: 10pt; } nav { display: none; } .wide { overflow: visible; }
  h2, h3, figcaption, .group { break-after: avoid; } figure, tr, .figure, .row { break-inside: avoid; }
  table { font-size: 8pt; } th, td { padding: .2rem .3rem; } .right { white-space: normal; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
""".strip()
