"""The files of the tree that the checks look at, and how a check reports what it finds."""
import os
import sys
from pathlib import Path

NOT_OURS = {"build", "node_modules", ".git", "__pycache__", ".cache"}
CPP = {".cpp", ".hpp"}


def files(root, suffixes=None):
    """Paths of all source files below `root`, relative to it, in a fixed order."""
    for folder, subfolders, names in os.walk(root):
        top = Path(folder) == Path(root)
        subfolders[:] = sorted(
            name for name in subfolders if name not in NOT_OURS and not (top and name == "data"))
        for name in sorted(names):
            path = (Path(folder) / name).relative_to(root)
            if suffixes is None or path.suffix in suffixes:
                yield path


def text(root, path):
    return (Path(root) / path).read_text(encoding="utf-8", errors="replace")


def line_of(content, position):
    return content.count("\n", 0, position) + 1


def main(check):
    """Runs check(root, *arguments), which yields (path, line, message); exit code 1 if it did."""
    root = Path(sys.argv[1]).resolve()
    found = list(check(root, *sys.argv[2:]))
    for path, line, message in found:
        print(f"{path}:{line}: {message}")
    sys.exit(1 if found else 0)
