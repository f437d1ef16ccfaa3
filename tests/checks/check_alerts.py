#!/usr/bin/env python3
"""Alerts fire, are silent, and have a page. Usage: check_alerts.py ROOT

The rules and the configuration of dashboards/prometheus/ are valid, their unit tests pass, every alert has a test in
which it fires, a severity, its texts and a section in ALERTS.md, and uses only series that are exported.
"""
import re

import check_dashboards
import programs
import source_tree

FOLDER = "dashboards/prometheus"
ALERT = re.compile(r"^      - alert: (\w+)\n((?:        .*\n?)+)", re.MULTILINE)
NEEDED = ("severity: ", "summary: ", "description: ", "runbook_url: ", "dashboard_url: ")


def promtool(root, *words):
    code, text = programs.output([programs.find("promtool"), *words, root / FOLDER / "prometheus.yml"
                                  if words[1] == "config" else root / FOLDER / "gleaner_test.yml"])
    return None if code == 0 else text.strip()


def check_alert(name, body, tests, pages, known):
    """What is wrong with the alert, in words."""
    for needed in NEEDED:
        if needed not in body:
            yield f"has no {needed.strip(': ')}"
    if f"ALERTS.md#{name.lower()}\n" not in body:
        yield "has another runbook_url than its section of ALERTS.md"
    if f"## {name}\n" not in pages:
        yield "has no section in ALERTS.md"
    if not re.search(rf"alertname: {name}\n\s+exp_alerts:", tests):
        yield "fires in no test"
    names, histograms, _ = known
    for series in check_dashboards.SERIES.findall(body):
        if not check_dashboards.is_exported(series, names, histograms):
            yield f"uses {series}, which nothing exports"


def check(root):
    rules = root / FOLDER / "gleaner.rules.yml"
    content = rules.read_text(encoding="utf-8")
    tests = (root / FOLDER / "gleaner_test.yml").read_text(encoding="utf-8")
    pages = (root / "ALERTS.md").read_text(encoding="utf-8")
    known, found = check_dashboards.exported(root), ALERT.findall(content)
    where = rules.relative_to(root)
    for name, body in found:
        line = source_tree.line_of(content, content.index(f"- alert: {name}\n"))
        for message in check_alert(name, body + "\n", tests, pages, known):
            yield where, line, f"{name} {message}"
    if not found:
        yield where, 1, "has no alerts"
    for words in (("check", "config"), ("test", "rules")):
        if wrong := promtool(root, *words):
            yield where, 1, wrong


if __name__ == "__main__":
    source_tree.main(check)
