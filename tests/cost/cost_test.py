#!/usr/bin/env python3
"""What grew is told, with the functions where it did; what did not is not."""
import contextlib
import io
import sys
import tempfile
import unittest
from collections import Counter
from pathlib import Path
from unittest import mock

import callgrind
import cost
import figures

# One function that calls another of a library, and wants memory through two of the standard library.
PROFILE = """# callgrind format
events: Ir
summary: 160

ob=/x/bin/fixed_work
fl=???
fn=gleaner::(anonymous namespace)::read(std::vector<int, std::allocator<int> > const&)
0 100
cob=/lib/libx.so.2
cfn=work
calls=3 0
0 50
ob=/lib/libx.so.2
fn=work
10 20
11 30
ob=/lib/libc.so.6
fn=operator new(unsigned long)
cfn=malloc'operator new(unsigned long)'std::string::_M_create(unsigned long)'gleaner::name(int)'main
calls=4 0
0 40
fn=realloc
cfn=malloc'realloc'gleaner::name(int)
calls=9 0
0 40
fn=malloc'operator new(unsigned long)'std::string::_M_create(unsigned long)'gleaner::name(int)'main
7 10
"""


def cost_of(functions, allocating):
    return callgrind.Cost(sum(functions.values()), sum(allocating.values()), Counter(functions), Counter(allocating))


KEPT = cost_of({"parse": 9000, "write": 1000}, {"parse": 10})


class CostTest(unittest.TestCase):
    def compare(self, now, *options, compiler="12.2.0", before=KEPT):
        """(exit code, output, what is kept then) of the command for one piece."""
        with tempfile.TemporaryDirectory() as folder:
            kept, shown = Path(folder) / "figures.json", Path(folder) / "README.md"
            shown.write_text("| `page` | a page | 1 | 2 |\n| `pages` | others | 3 | 4 |\n")
            if before:
                figures.save(kept, "12.2.0", {"page": before})
            told = f"compiler {compiler}\npiece page\n"
            output = io.StringIO()
            with mock.patch.multiple(cost, run=lambda command: told, count=lambda program, piece: now, KEPT=kept,
                                     SHOWN=shown), \
                    mock.patch.object(sys, "argv", ["cost.py", "fixed_work", *options]), \
                    contextlib.redirect_stdout(output):
                code = cost.main()
            self.shown = shown.read_text()
            return code, output.getvalue(), figures.load(kept)

    def test_nothing_is_told_of_what_stayed_as_it_was(self):
        code, output, _ = self.compare(cost_of({"parse": 9090, "write": 1000}, {"parse": 10}))
        self.assertEqual(code, 0)
        self.assertEqual(len(output.splitlines()), 2, output)
        self.assertIn("+0.9 %", output)

    def test_more_instructions_are_told_with_the_function_that_takes_them(self):
        code, output, kept = self.compare(cost_of({"parse": 9000, "write": 1010, "sort": 500}, {"parse": 10}))
        self.assertEqual(code, 1)
        self.assertIn("page: +5.1% instructions, most of them in\n"
                      "        +500 sort (0 -> 500)\n         +10 write (1,000 -> 1,010)\n", output)
        self.assertEqual(kept["pieces"]["page"]["instructions"], 10000)

    def test_a_single_allocation_more_is_told_with_who_wants_it(self):
        code, output, _ = self.compare(cost_of({"parse": 9000, "write": 1000}, {"parse": 9, "write": 2}))
        self.assertEqual(code, 1)
        self.assertIn("page: +1 allocations, for\n          +2 write (0 -> 2)\n", output)

    def test_less_is_no_failure_and_can_be_kept(self):
        less = cost_of({"parse": 5000, "write": 1000}, {"parse": 7})
        code, output, _ = self.compare(less)
        self.assertEqual(code, 0)
        self.assertIn("page: -40.0% instructions\npage: -3 allocations\n", output)
        self.assertIn("./run check --cost --keep keeps", output)
        code, output, kept = self.compare(less, "--keep")
        self.assertEqual((code, kept["pieces"]["page"]["instructions"]), (0, 6000))
        self.assertEqual(kept["pieces"]["page"]["allocating"], {"parse": 7})
        self.assertEqual(self.shown, "| `page` | a page | 6,000 | 7 |\n| `pages` | others | 3 | 4 |\n")

    def test_elsewhere_only_allocations_are_compared(self):
        more = cost_of({"parse": 20000}, {"parse": 10})
        for options, compiler in ((["--allocations"], "12.2.0"), ([], "Debian Clang 14.0.6")):
            with self.subTest(options):
                self.assertEqual(self.compare(more, *options, compiler=compiler)[0], 0)
        more.allocating["parse"] = more.allocations = 11
        self.assertEqual(self.compare(more, "--allocations")[0], 1)

    def test_a_piece_without_figures_and_figures_without_a_piece_are_failures(self):
        code, output, _ = self.compare(KEPT, before=None)
        self.assertEqual(code, 1)
        self.assertIn("page: no figures are kept of it", output)
        wrong, _ = figures.compare({"pieces": {"gone": figures.of_cost(KEPT)}}, {}, True)
        self.assertEqual(len(wrong), 1)
        self.assertIn("gone: ", wrong[0])

    def test_a_profile_is_read(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "out.2"
            path.write_text(PROFILE)
            read = callgrind.read(path, "fixed_work")
        self.assertEqual((read.instructions, read.allocations), (160, 4))
        self.assertEqual(read.functions, {"gleaner::read": 100, "libx: work": 50, "libc: malloc": 10})
        self.assertEqual(read.allocating, {"gleaner::name": 4})

    def test_names_are_made_short(self):
        for name, short in {
                "void std::vector<a::B, std::allocator<a::B> >::_M_realloc_insert<a::B>(a::B&&)":
                    "std::vector::_M_realloc_insert",
                "gleaner::lower_case[abi:cxx11](std::basic_string_view<char>)": "gleaner::lower_case",
                "gleaner::read(int)::{lambda(int const&)#1}::operator()(int const&) const":
                    "gleaner::read::{lambda#1}::operator()",
                "gleaner::X::f() const::{lambda(int)#1}::_FUN(int)": "gleaner::X::f::{lambda#1}::_FUN",
                "bool nlohmann::json_abi_v3_11_2::operator==<int>(int)": "nlohmann::operator==",
                "std::__cxx11::basic_string<char>::push_back(char)": "std::basic_string::push_back",
                "operator new(unsigned long)": "operator new",
                "pthread_mutex_lock@@GLIBC_2.2.5": "pthread_mutex_lock", "(below main)": "(below main)",
                "_ZN3caf5matchIZN7gleaner1fEvE": "caf::match"}.items():
            self.assertEqual(callgrind.short_name(name), short)


if __name__ == "__main__":
    ran = unittest.main(exit=False).result
    wrong = len(ran.failures) + len(ran.errors)
    print(f"{max(0, ran.testsRun - wrong)} passed, {wrong} failed")
    sys.exit(1 if wrong else 0)
