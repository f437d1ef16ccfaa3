#!/usr/bin/env python3
"""Dashboards show what exists. Usage: check_dashboards.py ROOT

Every series in dashboards/*.json is exported (core/*metrics.cpp, or the HTTP adapter), every label in an expression is one that we export, every expression is valid
PromQL, and every panel has a unit, a description and the data source variable.
"""
import json
import re
import tempfile

import programs
import source_tree

SOURCES = ("core/*metrics.cpp", "adapters/http/*.cpp")
EXPORTED = re.compile(r'"((?:gleaner|process)_[a-z_]+)"')
SERIES = re.compile(r"\b((?:gleaner|process)_[a-z_]+)\b(?!\s*\()")
SUFFIX = re.compile(r"_(bucket|sum|count)$")
HISTOGRAM = re.compile(r'histogram\(\s*registry,\s*"([a-z_]+)"')
LABEL = re.compile(r'([a-z_]+)\s*(?:=~|!~|!=|=)\s*"|\bby\s*\(([a-z_, ]+)\)')
EXPORTED_LABEL = re.compile(r'\{"([a-z_]+)", ')
SCRAPED_LABELS = {"le", "job", "instance"}
VARIABLE = {"$__rate_interval": "5m", "$__range": "1h", "$__interval": "1m"}


def exported(root):
    """(all series names, those that are histograms, all labels)"""
    paths = sorted(path for pattern in SOURCES for path in root.glob(pattern))
    texts = [source_tree.text(root, path.relative_to(root)) for path in paths]
    names = {name for text in texts for name in EXPORTED.findall(text)}
    histograms = {name for text in texts for name in HISTOGRAM.findall(text)}
    labels = {name for text in texts for name in EXPORTED_LABEL.findall(text)}
    return names, histograms, labels | SCRAPED_LABELS


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


def check_panel(panel, names, histograms, labels):
    if panel.get("type") in ("row", "text"):
        return
    if not panel.get("description"):
        yield "has no description"
    if not panel.get("fieldConfig", {}).get("defaults", {}).get("unit"):
        yield "has no unit"
    if panel.get("datasource", {}).get("uid") != "${datasource}":
        yield "does not use the data source variable"
    for target in panel.get("targets", []):
        for series in SERIES.findall(target["expr"]):
            if not is_exported(series, names, histograms):
                yield f"shows {series}, which nothing exports"
        for label in labels_in(target["expr"]):
            if label not in labels:
                yield f"uses the label {label}, which nothing exports"


def check(root):
    known = exported(root)
    for path in sorted((root / "dashboards").glob("*.json")):
        where, content = path.relative_to(root), path.read_text(encoding="utf-8")
        board = json.loads(content)
        for panel in panels(board):
            title = panel.get("title", "")
            line = source_tree.line_of(content, max(0, content.find(json.dumps(title))))
            for message in check_panel(panel, *known):
                yield where, line, f"panel '{title}' {message}"
        expressions = [t["expr"] for p in panels(board) for t in p.get("targets", [])]
        if expressions and (wrong := valid_promql(expressions)):
            yield where, 1, wrong.strip()


if __name__ == "__main__":
    source_tree.main(check)
