"""The matrix as one page of HTML that needs nothing from elsewhere. Pure."""

from __future__ import annotations

from itertools import groupby

from jinja2 import Environment, StrictUndefined

from bot.review.matrix import ResponsibilityMatrix
from bot.review.matrix_lines import HEADINGS, list_lines, list_summary

_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{{ title }}</title>
<style>
:root { color-scheme: light dark; --ink: light-dark(#14181f, #e8ecf2); --sheet: light-dark(#fff, #161a20);
  --soft: light-dark(#4c5563, #a9b3c1); --line: light-dark(#7b8594, #77839a); --raised: light-dark(#f0f2f5, #242a33); }
body { margin: 1.5rem; background: var(--sheet); color: var(--ink); font: 0.9375rem/1.5 system-ui, sans-serif; }
.table { overflow: auto; max-height: 92vh; }
table { border-collapse: collapse; min-width: 80rem; }
caption { text-align: left; color: var(--soft); padding-bottom: 0.5rem; }
th, td { border: 1px solid var(--line); padding: 0.5rem; text-align: left; vertical-align: top; }
thead th { position: sticky; top: 0; background: var(--raised); }
tbody th { white-space: nowrap; }
td ul { margin: 0; padding-left: 1.1rem; }
td.ownership { font-weight: 600; }
dt { font-weight: 600; margin-top: 0.75rem; }
dd { margin: 0; overflow-wrap: anywhere; max-width: 60rem; }
.table:focus-visible { outline: 3px solid var(--ink); }
@media print {
  @page { size: A4 landscape; margin: 12mm; }
  :root { color-scheme: light; }
  body { margin: 0; font-size: 7.5pt; }
  .table { overflow: visible; max-height: none; }
  table { min-width: 0; width: 100%; }
  thead { display: table-header-group; }
  thead th { position: static; }
  tr { break-inside: avoid; }
}
</style>
</head>
<body>
<main>
<h1>{{ title }}</h1>
<div class="table" role="region" aria-labelledby="caption" tabindex="0">
<table>
<caption id="caption">Who does what, clause by clause, each duty with its place in the guide</caption>
<thead><tr>{% for heading in headings %}<th scope="col">{{ heading[0] }}</th>{% endfor %}</tr></thead>
{% for clause, lines in clauses %}
<tbody>
{% for line in lines %}
<tr>{% if loop.first %}<th scope="rowgroup" rowspan="{{ lines | length }}">{{ clause }}</th>{% endif %}
{% for name, cell in line._asdict().items() if name != "clause" %}
<td{% if name == "ownership" %} class="ownership"{% endif %}>
{% if cell | length > 1 %}
<ul>{% for each in cell %}<li>{{ each }}</li>{% endfor %}</ul>
{% else %}
{{ cell | join }}
{% endif %}
</td>
{% endfor %}
</tr>
{% endfor %}
</tbody>
{% endfor %}
</table>
</div>
<h2>About this matrix</h2>
<dl>
{% for heading, text in summary %}<dt>{{ heading }}</dt><dd>{{ text }}</dd>
{% endfor %}
</dl>
</main>
</body>
</html>
"""


def render_page(matrix: ResponsibilityMatrix) -> str:
    """A page to read, print or send: light and dark, with a header that screen readers tie to each cell."""
    page = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    names = [rule.id for rule in matrix.regulations]
    return page.from_string(_PAGE).render(
        title=f"Responsibility matrix: {', '.join(names)}",
        headings=HEADINGS,
        clauses=[(ref[0], list(lines)) for ref, lines in groupby(list_lines(matrix), lambda line: line.clause)],
        summary=list(list_summary(matrix)),
    )
