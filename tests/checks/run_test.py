#!/usr/bin/env python3
"""./run as people call it: help, mistakes, from anywhere. Usage: run_test.py ROOT"""
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(sys.argv.pop(1) if len(sys.argv) > 1 else ".").resolve()
VERBS = ("demo", "test", "soak", "bench", "build", "check", "help")


class RunTest(unittest.TestCase):
    def run_it(self, *arguments, script=ROOT / "run", **options):
        return subprocess.run([str(script), *arguments], capture_output=True, text=True,
                              timeout=30, **options)

    def test_help_names_every_verb(self):
        texts = {self.run_it(*arguments).stdout for arguments in ((), ("help",), ("--help",))}
        self.assertEqual(len(texts), 1)
        for verb in VERBS:
            self.assertIn(f"./run {verb}", *texts)

    def test_an_unknown_verb_is_a_usage_error_with_a_suggestion(self):
        for word, verb in {"tset": "test", "bild": "build", "demos": "demo"}.items():
            done = self.run_it(word)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn(f"'{word}'; did you mean './run {verb}'?", done.stderr)

    def test_arguments_that_no_verb_takes_are_usage_errors(self):
        for arguments in (("demo", "x"), ("test", "x"), ("soak", "x"), ("bench", "--slow"),
                          ("bench", "work", "latency"), ("bench", "growth", "--svg"), ("bench", "--svg", "/nowhere"),
                          ("build", "debug"), ("build", "dev", "asan"), ("check", "x"), ("check", "--keep"),
                          ("check", "--cost", "x"), ("check", "--cost", "--keep", "x")):
            with self.subTest(arguments):
                done = self.run_it(*arguments)
                self.assertEqual(done.returncode, 2)
                self.assertIn("./run help", done.stderr)

    def test_cases_are_counted_and_skipped_ones_are_no_failures(self):
        for output, status, expected in (
                ("5 test cases out of 5 passed", "run", (5, 0)),
                ("31 test cases out of 32 passed\n 1 test case out of 32 skipped", "run", (31, 0)),
                ("3 test cases out of 5 passed\n 1 test case out of 5 skipped", "fail", (3, 1)),
                ("5 test cases out of 5 passed\nleak", "fail", (5, 1)),
                ("12 passed, 2 failed", "fail", (12, 2)), ("", "run", (1, 0)), ("", "notrun", (0, 1))):
            with self.subTest(output), tempfile.TemporaryDirectory() as folder:
                report = Path(folder) / "report.xml"
                report.write_text(f'<testsuite><testcase name="x" status="{status}">'
                                  f"<system-out>{output}</system-out></testcase></testsuite>")
                done = subprocess.run([ROOT / "tools/count_tests.py", f"dev={report}"],
                                      capture_output=True, text=True, timeout=30)
                self.assertTrue(done.stdout.endswith("\n%d passed, %d failed\n" % expected), done.stdout)
                self.assertEqual(done.returncode, 1 if expected[1] else 0)

    def test_the_table_of_items_is_shown_also_when_all_have_passed(self):
        table = "item  5.28.2   title\nC1    passed   takes &lt;a&gt; job\nC76   n/a      shares\n"
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.xml"
            report.write_text('<testsuite><testcase name="conformance" status="run"><system-out>ok    C1 x\n\n'
                              f"{table}\n2 passed, 0 failed\n</system-out></testcase></testsuite>")
            done = subprocess.run([ROOT / "tools/count_tests.py", f"dev={report}"],
                                  capture_output=True, text=True, timeout=30)
        self.assertIn("\n" + table.replace("&lt;", "<").replace("&gt;", ">") + "\n2 passed", done.stdout)
        self.assertEqual(done.returncode, 0)

    def test_it_finds_its_tree_from_anywhere(self):
        with tempfile.TemporaryDirectory(prefix="a b ") as folder:
            link = Path(folder) / "gleaner run"
            link.symlink_to(ROOT / "run")
            self.assertEqual(self.run_it(script=link, cwd=folder).returncode, 0)

    def test_what_is_missing_is_named_to_those_who_cannot_install(self):
        if os.geteuid() != 0:
            self.skipTest("needs root to become somebody without sudo")
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            # Only what ./run itself needs, and a Debian on which nothing is installed.
            for name in ("bash", "env", "awk", "sort", "dirname", "readlink", "cat"):
                (Path(folder) / name).symlink_to(Path("/usr/bin") / name)
            empty = Path(folder) / "dpkg-query"
            empty.write_text("#!/bin/bash\n")
            empty.chmod(0o755)
            copy = Path(folder) / "tree"
            copy.mkdir()
            subprocess.run(["cp", "-r", ROOT / "tools", ROOT / "run", copy], check=True)
            done = self.run_it("build", script=copy / "run", env={"PATH": folder}, user=65534)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("\n  apt-get update && apt-get install -y", done.stderr)
        self.assertIn(" libcaf-dev ", done.stderr)


if __name__ == "__main__":
    ran = unittest.main(exit=False).result
    wrong = len(ran.failures) + len(ran.errors)
    print(f"{max(0, ran.testsRun - wrong)} passed, {wrong} failed")
    sys.exit(1 if wrong else 0)
