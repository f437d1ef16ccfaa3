#!/usr/bin/env python3
"""Commands that the documents show exist. Usage: check_commands.py ROOT GLEANER

Every `./run X` and `gleaner X Y --flag` in a code block or between backquotes of a document is
looked up in the program's own --help.
"""
import re
import subprocess

import source_tree

BLOCK = re.compile(r"^```[a-z]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
QUOTED = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
RUN = re.compile(r"(?:^|[\s;|&(])\./run +([a-z]+)")
GLEANER = re.compile(r"(?:^|[\s;|&(])(?:\S*/)?gleaner ([^|;&#>\n]*)")
WORD = re.compile(r"^[a-z][a-z-]*$")
FLAG = re.compile(r"^(--[a-z][a-z-]*)")


class Helper:
    """Asks a program for the help of its commands, once each."""

    def __init__(self, program):
        self.program, self.known = program, {}

    def help(self, *words):
        if words not in self.known:
            done = subprocess.run([self.program, *words, "--help"], stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True, timeout=20)
            self.known[words] = done.stdout if done.returncode == 0 else None
        return self.known[words]

    def offers(self, words, name):
        """Is `name` a command below `words`, as the help lists it at the start of a line?"""
        text = self.help(*words) or ""
        return re.search(rf"^\s+{re.escape(name)}(\s|,|$)", text, re.MULTILINE) is not None


def wrong_in(arguments, gleaner):
    """What is wrong with one `gleaner ...` line, or None."""
    words = []
    for argument in arguments.replace("[", " ").replace("]", " ").split():
        if flag := FLAG.match(argument):
            if flag[1] not in (gleaner.help(*words) or "") + (gleaner.help() or ""):
                return f"'gleaner {' '.join(words)}' has no {flag[1]}"
        elif WORD.match(argument) and len(words) < 2 and gleaner.offers(words, argument):
            words.append(argument)
        elif not words:
            return f"there is no 'gleaner {argument}'" if WORD.match(argument) else None
    return None


def fragments(content):
    """(position, text) of each piece of the document that shows commands."""
    for match in BLOCK.finditer(content):
        yield match.start(1), match[1]
    for match in QUOTED.finditer(BLOCK.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), content)):
        yield match.start(1), match[1]


def check(root, program):
    gleaner = Helper(program)
    run_help = Helper(str(root / "run")).help() or ""
    for path in source_tree.files(root, {".md"}):
        content = source_tree.text(root, path)
        for start, piece in fragments(content):
            for match in RUN.finditer(piece):
                if f"./run {match[1]}" not in run_help:
                    line = source_tree.line_of(content, start + match.start(1))
                    yield path, line, f"there is no './run {match[1]}'"
            for match in GLEANER.finditer(piece):
                for command in match[1].split("\\\n")[0:1]:
                    if wrong := wrong_in(command, gleaner):
                        line = source_tree.line_of(content, start + match.start(1))
                        yield path, line, wrong


if __name__ == "__main__":
    source_tree.main(check)
