#!/usr/bin/env python3
"""Counts the cases behind CTest's programs: NAME=REPORT.xml... in CTest's JUnit form.

A program that says how many of its cases passed counts by case ("5 test cases out of 6 passed",
"1 test case out of 6 skipped": the machine lacks what it needs; "12 passed, 0 failed"); any other
counts as one. A program's table of items ("item ...", "C1 ...") is shown behind the programs. The last line
is "N passed, N failed".
"""
import re
import sys
import xml.etree.ElementTree as ElementTree

BOOST = re.compile(r"(\d+) test cases? out of (\d+) passed")
BOOST_SKIPPED = re.compile(r"(\d+) test cases? out of \d+ skipped")
PLAIN = re.compile(r"^(\d+) passed, (\d+) failed", re.MULTILINE)
TABLE = re.compile(r"^item .*\n(?:C\d+ .*\n)+", re.MULTILINE)


def count(case):
    """(passed, failed) of one CTest program."""
    if case.get("status") == "notrun" or case.find("skipped") is not None:
        return 0, 1
    output = case.findtext("system-out") or ""
    if boost := BOOST.search(output):
        skipped = BOOST_SKIPPED.search(output)
        passed = int(boost[1])
        failed = int(boost[2]) - passed - (int(skipped[1]) if skipped else 0)
    elif plain := PLAIN.findall(output):
        passed, failed = int(plain[-1][0]), int(plain[-1][1])
    else:
        passed, failed = (1, 0) if case.get("status") == "run" else (0, 0)
    if case.get("status") == "fail" or case.find("failure") is not None:
        failed = max(failed, 1)  # also a crash or a leak after the last case
    return passed, failed


def main(reports):
    total_passed = total_failed = 0
    tables = []
    for report in reports:
        name, path = report.split("=", 1)
        try:
            cases = ElementTree.parse(path).getroot().findall("testcase")
        except (OSError, ElementTree.ParseError) as problem:
            print(f"{name}: no report ({problem})")
            cases, total_failed = [], total_failed + 1
        for case in cases:
            passed, failed = count(case)
            tables += TABLE.findall(case.findtext("system-out") or "")
            total_passed += passed
            total_failed += failed
            seconds = float(case.get("time", 0))
            mark = "FAILED" if failed else "ok"
            print(f"{mark:6} {name:6} {case.get('name'):28} {passed:5} passed {failed:3} failed"
                  f" {seconds:7.1f} s")
    for table in tables:
        print(f"\n{table}")
    print(f"{total_passed} passed, {total_failed} failed")
    return 1 if total_failed or not total_passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
