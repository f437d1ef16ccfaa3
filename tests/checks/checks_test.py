#!/usr/bin/env python3
"""Every check finds what is planted, says where, and is silent about a clean tree."""
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).parent

MESSAGES = """#pragma once
/// Asker -> Answerer: a question. Answered by one
/// Answer.
struct Question {
  int id = 0;
};
/// Answerer -> Asker: the answer.
struct Answer {};
"""
REGISTRY = "CAF_ADD_TYPE_ID(gleaner, (gleaner::Question))\nCAF_ADD_TYPE_ID(gleaner, (gleaner::Answer))\n"
INTERFACES = """using AskerActor = caf::typed_actor<
  // From Answerer.
  caf::reacts_to<Answer>>;
using AnswererActor = caf::typed_actor<
  // From Asker.
  caf::reacts_to<Question>>;
"""
CLEAN_MESSAGES = {
    "messages/talk.hpp": MESSAGES, "messages/registry.hpp": REGISTRY,
    "actors/interfaces.hpp": INTERFACES,
    "actors/asker.cpp": "void ask() { send(Question{1}); }\n",
    "actors/answerer.cpp": "void answer() { send(Answer{}); }\n",
}
METRICS = 'counter(registry, "gleaner_jobs_total", "Jobs", {{"queue", queue}});\n'


def board(expression, **changes):
    panel = {"title": "Jobs", "type": "timeseries", "description": "Jobs that ended",
             "datasource": {"uid": "${datasource}"},
             "fieldConfig": {"defaults": {"unit": "short"}}, "targets": [{"expr": expression}]}
    return {"core/metrics.cpp": METRICS,
            "dashboards/a.json": json.dumps({"panels": [{**panel, **changes}]})}


class ChecksTest(unittest.TestCase):
    def run_check(self, name, tree, *arguments):
        """(exit code, output) of a check on a tree made of {path: text}."""
        with tempfile.TemporaryDirectory() as folder:
            for path, content in tree.items():
                target = Path(folder) / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(content.replace("@ROOT@", folder))
                target.chmod(0o755)
            arguments = [a.replace("@ROOT@", folder) for a in arguments]
            done = subprocess.run([sys.executable, "-B", str(HERE / f"check_{name}.py"), folder,
                                   *arguments], capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout + done.stderr

    def finds(self, name, tree, expected, *arguments):
        code, output = self.run_check(name, tree, *arguments)
        self.assertEqual(code, 1, output)
        self.assertIn(expected, output)
        self.assertNotIn("Traceback", output)

    def is_silent(self, name, tree, *arguments):
        code, output = self.run_check(name, tree, *arguments)
        self.assertEqual((code, output), (0, ""))

    def test_includes(self):
        planted = {
            "core/a.cpp": "<caf/actor.hpp>", "core/b.cpp": '"messages/job.hpp"',
            "core/c.cpp": "<sys/socket.h>", "messages/a.hpp": '"actors/interfaces.hpp"',
            "actors/poller.cpp": '"actors/writer.hpp"', "actors/b.cpp": '"adapters/redis/x.hpp"',
            "actors/c.cpp": "<caf/all.hpp>", "adapters/hunter/a.cpp": '"adapters/redis/x.hpp"',
            "adapters/redis/b.cpp": "<caf/send.hpp>", "adapters/store/c.cpp": '"app/main.hpp"',
            "adapters/store/d.cpp": '"adapters/address/x.hpp"',
            "app/a.cpp": '"tests/support/x.hpp"', "core/d.hpp": '"neighbour.hpp"',
        }
        for path, include in planted.items():
            with self.subTest(path):
                self.finds("includes", {path: f"#pragma once\n#include {include}\n"}, f"{path}:2: ")
        self.is_silent("includes", {
            "core/a.cpp": '#include "core/a.hpp"\n#include <idn2.h>\n#include <vector>\n',
            "actors/job_coordinator_ends.cpp":
                '#include "actors/job_coordinator.hpp"\n#include "messages/job.hpp"\n',
            "adapters/bullmq/a.cpp": '#include "adapters/redis/redis_client.hpp"\n',
            "adapters/redis/a.cpp": '#include "adapters/address/ip_address.hpp"\n',
            "app/a.cpp": '#include "adapters/store/x.hpp"\n#include <caf/send.hpp>\n',
            "tests/core/a_test.cpp": "#include <boost/test/unit_test.hpp>\n"})

    def test_messages(self):
        def changed(path, old, new):
            return {**CLEAN_MESSAGES, path: CLEAN_MESSAGES[path].replace(old, new)}
        talk, registry, faces = "messages/talk.hpp", "messages/registry.hpp", "actors/interfaces.hpp"
        self.is_silent("messages", CLEAN_MESSAGES)
        planted = [
            (changed(talk, "/// Answerer -> Asker: the", "/// The"), f"{talk}:8: Answer has 0 lines"),
            (changed(registry, "(gleaner::Answer)", "(gleaner::Question)"), "registered twice"),
            (changed(registry, "CAF_ADD_TYPE_ID(gleaner, (gleaner::Answer))", ""), f"{talk}:8: "),
            (changed(faces, "<Answer>", "<Question>"), "Answer stands in 0 interfaces"),
            (changed(faces, "<Question>", "<Question>, caf::reacts_to<Answer>"),
             "Answer stands in 2 interfaces"),
            (changed(talk, "Answerer -> Asker", "Answerer -> Answerer"), f"{faces}:3: Asker handles"),
            (changed(faces, "// From Answerer", "// From Asker"), f"{faces}:3: "),
            (changed("actors/answerer.cpp", "Answer{}", "none"), "Answerer never sends Answer"),
            (changed("actors/asker.cpp", "Question{1}", "Question{1}, Answer{}"),
             "actors/asker.cpp:1: Asker makes Answer"),
        ]
        for tree, expected in planted:
            with self.subTest(expected):
                self.finds("messages", tree, expected)

    def test_text(self):
        unfinished = "// TO" + "DO later\n"
        self.finds("text", {"core/a.cpp": "int a;\n" + unfinished}, "core/a.cpp:2: unfinished")
        self.finds("text", {"core/a.cpp": "\n" * 251}, "core/a.cpp:251: 251 lines")
        self.finds("text", {"a.md": "text \n"}, "a.md:1: white space")
        self.finds("text", {"a.lua": "return 1"}, "a.lua:1: the last line")
        self.is_silent("text", {"core/a.cpp": "int a;\n" * 250, "build/b.cpp": unfinished})

    def test_format(self):
        rules = {".clang-format": "BasedOnStyle: LLVM\n"}
        self.finds("format", {**rules, "core/a.cpp": "int a;\nint   b;\n"}, "core/a.cpp:2: ")
        self.is_silent("format", {**rules, "core/a.cpp": "int a;\nint b;\n"})

    def test_shell(self):
        self.finds("shell", {"run": "#!/bin/bash\nls $1\n"}, "run:2: ")
        self.finds("shell", {"tools/a.sh": "#!/bin/sh\nrm $HOME/*/$1\n"}, "tools/a.sh:2: ")
        self.is_silent("shell", {"run": '#!/bin/bash\nls "$1"\n', "a.txt": "ls $1\n"})

    def test_log_codes(self):
        table = {"OBSERVING.md": "| code | means |\n|---|---|\n| `job.done`, `job.gone` | ends |\n"}
        logs = 'void f() {\n  log.info("job.done", "x");\n  report(LogLevel::warn, "job.gone", "y");\n}\n'
        self.is_silent("log_codes", {**table, "app/a.cpp": logs})
        self.finds("log_codes", {**table, "app/a.cpp": logs + 'log->warn("job.lost", "z");\n'},
                   "app/a.cpp:5: logs job.lost")
        self.finds("log_codes", {**table, "app/a.cpp": logs.replace("job.gone", "job.done")},
                   "OBSERVING.md:3: lists job.gone")

    def test_lock_files(self):
        def lock(**package):
            return {"t/package.json": "{}\n", "t/package-lock.json": json.dumps(
                {"packages": {"": {}, "node_modules/x": package}}, indent=1)}
        address = "https://" + "registry.example/x.tgz"
        self.finds("lock_files", lock(integrity="sha512-x", resolved=address),
                   "t/package-lock.json:6: names where")
        self.finds("lock_files", lock(version="1"), "t/package-lock.json:4: ")
        self.finds("lock_files", {"t/package.json": "{}\n"}, "t/package.json:1: has no")
        self.finds("lock_files", {"t/.npmrc": "a=1\nregistry=https://x\n"}, "t/.npmrc:2: ")
        self.is_silent("lock_files", lock(version="1", integrity="sha512-x"))

    def test_dashboards(self):
        self.is_silent("dashboards", board('rate(gleaner_jobs_total{queue=~"$queue"}[$__rate_interval])'))
        self.finds("dashboards", board("gleaner_job_total"), "gleaner_job_total, which nothing")
        self.finds("dashboards", board("gleaner_jobs_total_bucket"), "which nothing exports")
        self.finds("dashboards", board('gleaner_jobs_total{domain="x"}'), "label domain")
        self.finds("dashboards", board("rate(gleaner_jobs_total)"), "dashboards/a.json:1: ")
        self.finds("dashboards", board("gleaner_jobs_total", description=""), "has no description")
        self.finds("dashboards", board("gleaner_jobs_total", fieldConfig={}), "has no unit")
        self.finds("dashboards", board("gleaner_jobs_total", datasource={}), "data source variable")
        clean = board("gleaner_jobs_total")
        unshown = 'counter(registry, "gleaner_lost_total", "Lost", {});\n'
        self.finds("dashboards", {**clean, "core/lost.cpp": unshown}, "no board shows gleaner_lost_total")
        twin = board("gleaner_job_total")["dashboards/a.json"]
        self.finds("dashboards", {**clean, "dashboards/import/a.json": twin}, "import/a.json:1: panel 'Jobs' shows")
        for part in ({"annotations": {"list": [{"name": "N", "expr": "gleaner_job_total"}]}},
                     {"templating": {"list": [{"name": "N", "type": "query",
                                               "query": {"query": "label_values(gleaner_job_total, queue)"}}]}}):
            self.finds("dashboards", {**clean, "dashboards/b.json": json.dumps(part)}, "'N' shows gleaner_job_total")

    def test_tidy(self):
        def tree(body, unit="core/a.cpp"):
            entry = {"directory": "/", "file": "@ROOT@/" + unit,
                     "command": "c++ -Wall -Werror -std=c++20 -I@ROOT@ -c @ROOT@/" + unit}
            return {".clang-tidy": (HERE.parents[1] / ".clang-tidy").read_text(),
                    "b/bundle.cxx": '#include "@ROOT@/core/a.cpp"\n', "core/a.cpp": body,
                    "b/compile_commands.json": json.dumps([entry])}
        nested = "int f(int a) {\n" + "if (a) {\n" * 5 + "++a;\n" + "}\n" * 5 + "return a;\n}\n"
        long = "int f(int a) {\n" + "  ++a;\n" * 41 + "  return a;\n}\n"
        planted = {
            "int BadName = 1;\n": "core/a.cpp:1: invalid case style",
            "class A {\nint hidden = 0;\n};\n": "core/a.cpp:2: invalid case style",
            "\nint f() {\n  int a = 1;\n  return 0;\n}\n": "core/a.cpp:3: unused variable",
            long: "recommended size", nested: "recommended size",
        }
        for body, expected in planted.items():
            for unit in "core/a.cpp", "b/bundle.cxx":
                with self.subTest(expected, unit=unit):
                    self.finds("tidy", tree(body, unit), expected, "@ROOT@/b")
        code, output = self.run_check("tidy", tree("int good_name() { return 1; }\n"),
                                      "@ROOT@/b")
        self.assertEqual((code, output.strip()), (0, "1 files"))

    def test_commands(self):
        help_text = ("case \"$*\" in\n'--help') printf '  run  x\\n  jobs  y\\n' ;;\n"
                     "'run --help') printf '  --once  z\\n' ;;\n"
                     "'jobs --help') printf '  ls  z\\n' ;;\n*) exit 2 ;;\nesac\n")
        base = {"g": "#!/bin/sh\n" + help_text, "run": "#!/bin/sh\necho './run test  all tests'\n"}
        self.is_silent("commands", {**base, "README.md": "`./run test`, `gleaner run --once` and\n"
                                    "```sh\ngleaner jobs ls 7 | cat\n```\n"}, "@ROOT@/g")
        for text, expected in {"`./run tset`": "there is no './run tset'",
                               "```\ngleaner walk\n```": "there is no 'gleaner walk'",
                               "`gleaner run --twice`": "'gleaner run' has no --twice"}.items():
            with self.subTest(text):
                self.finds("commands", {**base, "README.md": "# A\n\n" + text + "\n"}, expected,
                           "@ROOT@/g")

    def test_hardening(self):
        code, output = self.run_check("hardening", {"compile_commands.json": "[]"}, "@ROOT@")
        self.assertEqual(code, 1)
        self.assertIn("gleaner:1: is not built", output)
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / "bin").mkdir()
        (folder / "a.cpp").write_text("int main(int n, char**) { char a[64]; a[n] = 1; return a[0]; }\n")
        for name in ("gleaner", "gleaner-simulator"):
            subprocess.run(["c++", "-no-pie", "-Wl,-z,norelro,-z,lazy,-rpath,/x", "-fcf-protection=none",
                            "-fno-stack-protector", "a.cpp", "-o", f"bin/{name}"],
                           cwd=folder, check=True)
        (folder / "compile_commands.json").write_text(
            json.dumps([{"file": str(folder / "a.cpp"), "command": "c++ -c a.cpp"}]))
        done = subprocess.run([sys.executable, "-B", str(HERE / "check_hardening.py"), str(folder),
                               str(folder)], capture_output=True, text=True)
        for lack in ("PIE", "RELRO", "BIND_NOW", "stack protector", "endbr64", "fortified", "RPATH",
                     "-D_FORTIFY_SOURCE", "-fstack-clash-protection", "-fcf-protection"):
            with self.subTest(lack):
                self.assertIn(lack, done.stdout)


if __name__ == "__main__":
    ran = unittest.main(exit=False).result
    wrong = len(ran.failures) + len(ran.errors)
    print(f"{max(0, ran.testsRun - wrong)} passed, {wrong} failed")
    sys.exit(1 if wrong else 0)
