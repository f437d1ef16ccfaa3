#!/usr/bin/env python3
"""Dashboards show what exists, all of it. Usage: check_dashboards.py ROOT

Every series on the boards (dashboards/*.json, and import/ with their twins) is exported (core/*.cpp, or adapters/http)
and every exported series is on a board; every label in an expression is one that we export, every expression of panels,
annotations and variables is valid PromQL, and every panel has a unit, a description and the data source variable.
"""
import json
import re
import tempfile

import programs
import source_tree

SOURCES = ("core/*.cpp", "adapters/http/*.cpp")
BOARDS = ("dashboards/*.json", "dashboards/import/*.json")
EXPORTED = re.compile(r'"((?:gleaner|process)_[a-z_]+)"')
SERIES = re.compile(r"\b((?:gleaner|process)_[a-z_]+)\b(?!\s*\()")
SUFFIX = re.compile(r"_(bucket|sum|count)$")
HISTOGRAM = re.compile(r'(?:histogram\(\s*registry,|BuildHistogram\(\)\s*\.Name\()\s*"([a-z_]+)"')
LABEL = re.compile(r'([a-z_]+)\s*(?:=~|!~|!=|=)\s*"|\b(?:by|on)\s*\(([a-z_, ]+)\)')
EXPORTED_LABEL = re.compile(r'\{"([a-z_]+)", ')
LABEL_VALUES = re.compile(r"^label_values\((.+), ?(\w+)\)$")
OF_PROMETHEUS = {"le", "job", "instance", "alertname", "alertstate", "severity"}
VARIABLE = {"$__rate_interval": "5m", "$__range": "1h", "$__interval": "1m"}


def exported(root):
    """(all series names, those that are histograms, all labels)"""
    texts = [path.read_text(encoding="utf-8") for pattern in SOURCES for path in sorted(root.glob(pattern))]
    names = {name for text in texts for name in EXPORTED.findall(text)}
    histograms = {name for text in texts for name in HISTOGRAM.findall(text)}
    labels = {name for text in texts for name in EXPORTED_LABEL.findall(text)}
    return names, histograms, labels | OF_PROMETHEUS


def labels_in(expression):
    for matched, grouped in LABEL.findall(expression):
        yield from (name.strip() for name in (matched or grouped).split(","))


def panels(board):
    for panel in board.get("panels", []):
        yield panel
        yield from panels(panel)


def is_exported(series, names, histograms):
    base = SUFFIX.sub("", series)
    return series in names or (base in histograms and base != series)


def plain(expression):
    """The expression with Grafana's variables replaced by something that PromQL can read."""
    for variable, value in VARIABLE.items():
        expression = expression.replace(variable, value)
    return re.sub(r"\$\{?\w+\}?", "x", expression)


def valid_promql(expressions):
    """What promtool says about a rule file of all expressions, or None."""
    rules = [{"record": f"check:{i}", "expr": plain(e)} for i, e in enumerate(expressions)]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({"groups": [{"name": "dashboards", "rules": rules}]}, file)
        file.flush()
        code, text = programs.output([programs.find("promtool"), "check", "rules", file.name])
        return None if code == 0 else text


def check_expression(expression, names, histograms, labels):
    for series in SERIES.findall(expression):
        if not is_exported(series, names, histograms):
            yield f"shows {series}, which nothing exports"
    for label in labels_in(expression):
        if label not in labels:
            yield f"uses the label {label}, which nothing exports"


def check_panel(panel):
    if panel.get("type") in ("row", "text"):
        return
    if not panel.get("description"):
        yield "has no description"
    if not panel.get("fieldConfig", {}).get("defaults", {}).get("unit"):
        yield "has no unit"
    if panel.get("datasource", {}).get("uid") != "${datasource}":
        yield "does not use the data source variable"


def expressions(board):
    """(title to look for, what it is, expression) of everything that is asked of Prometheus."""
    for panel in panels(board):
        for target in panel.get("targets", []):
            yield panel.get("title", ""), "panel", target["expr"]
    for annotation in board.get("annotations", {}).get("list", []):
        yield annotation["name"], "annotation", annotation["expr"]
    for variable in board.get("templating", {}).get("list", []):
        if variable["type"] == "query":
            selector, label = LABEL_VALUES.match(variable["query"]["query"]).groups()
            yield variable["name"], "variable", f"count by ({label}) ({selector})"


def check_board(where, content, known):
    board = json.loads(content)

    def line(title):
        return source_tree.line_of(content, max(0, content.find(json.dumps(title))))
    for panel in panels(board):
        title = panel.get("title", "")
        for message in check_panel(panel):
            yield where, line(title), f"panel '{title}' {message}"
    for title, what, expression in expressions(board):
        for message in check_expression(expression, *known):
            yield where, line(title), f"{what} '{title}' {message}"
    asked = [expression for _, _, expression in expressions(board)]
    if asked and (wrong := valid_promql(asked)):
        yield where, 1, wrong.strip()


def check(root):
    known = exported(root)
    shown = set()
    for path in (path for pattern in BOARDS for path in sorted(root.glob(pattern))):
        content = path.read_text(encoding="utf-8")
        shown.update(SUFFIX.sub("", name) if SUFFIX.sub("", name) in known[1] else name for name in SERIES.findall(content))
        yield from check_board(path.relative_to(root), content, known)
    for name in sorted(known[0] - shown):
        yield "dashboards", 1, f"no board shows {name}"


if __name__ == "__main__":
    source_tree.main(check)
