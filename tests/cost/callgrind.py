"""What callgrind's file says of the counted runs: instructions by function, allocations by who wants the memory."""
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

ALLOCATORS = ("malloc", "calloc", "realloc", "memalign", "aligned_alloc", "posix_memalign")
# So many callers are named behind an allocator's name: more than the standard library puts in between.
CALLERS = 8
# What happens from its entry to its end is counted; the second of the files that come of it tells that.
COUNTED = "gleaner_counted_run"
OPTIONS = [f"--dump-before={COUNTED}", f"--dump-after={COUNTED}",
           "--compress-strings=no", "--compress-pos=no", "--dump-line=no",
           *(f"--separate-callers{CALLERS}={name}" for name in ALLOCATORS)]

OPERATOR = re.compile(r"\boperator ?(\(\)|\[\]|->\*?|<=>|<<=?|>>=?|[<>]=?)")
BRACKETS = re.compile(r"<[^<>()]*>|\([^<>()]*\)|\[[^\[\]]*\]")
VERSIONS = re.compile(r"\b(std::__cxx11|nlohmann::json_abi_\w+|std::_V2)::|@@?[\w.]+$")
# Between an allocator and the function that wants the memory.
PASSED_ON = re.compile(r"operator new|std::|__gnu_cxx::|0x")


@dataclass
class Cost:
    """Of all counted runs together."""
    instructions: int = 0
    allocations: int = 0
    functions: Counter = field(default_factory=Counter) # instructions of their own
    allocating: Counter = field(default_factory=Counter)


def mangled_name(name):
    """The beginning of a name that is too long for valgrind to demangle."""
    parts, rest = [], name[3:]
    while found := re.match(r"(\d+)", rest):
        begin = len(found[1])
        parts.append(rest[begin:begin + int(found[1])])
        rest = rest[begin + int(found[1]):]
    return "::".join(parts) or name


def short_name(name):
    """A function's name without arguments, result and what a template is made for: `gleaner::normalize`."""
    if name.startswith("_ZN"):
        return mangled_name(name)
    signs = []

    def hide(found):
        signs.append(found[1])
        return f"operator%{len(signs) - 1}%"

    rest = OPERATOR.sub(hide, name.replace("(anonymous namespace)::", "").replace(" const::", "::"))
    before = None
    while before != rest:
        before, rest = rest, BRACKETS.sub("", rest)
    words = [word for word in rest.split() if word not in ("const", "&", "&&")] or [name]
    short = " ".join(words[-2:]) if len(words) > 1 and words[-2].endswith("operator") else words[-1]
    short = re.sub(r"%(\d+)%", lambda found: signs[int(found[1])], short)
    return VERSIONS.sub(lambda found: "std::" if (found[1] or "").startswith("std") else
                        "nlohmann::" if found[1] else "", short)


def own_name(obj, name, program):
    """The name under which a function's instructions count; that of a library is told with it."""
    short = "unnamed" if name.startswith("0x") else short_name(name)
    return short if Path(obj).name == program else f"{Path(obj).name.split('.so')[0]}: {short}"


def who_wants(chain):
    """Of an allocator's callers, the nearest that does not just pass the wish on."""
    names = [short_name(name) for name in chain if not name.isdigit()]
    for name in names:
        if not PASSED_ON.match(name):
            return name
    return names[-1] if names else "unnamed"


def read(path, program):
    """The Cost in callgrind's file `path`, made with OPTIONS by a program of that name."""
    cost = Cost()
    obj = name = callee = ""
    after_calls = False
    for line in Path(path).read_text(encoding="utf-8", errors="replace").splitlines():
        key, equals, value = line.partition("=")
        if key == "ob":
            obj = value
        elif key == "fn":
            name = value.split("'")[0]
        elif key == "cfn":
            callee = value
        elif key == "calls":
            after_calls = True # the next line is about the callee
            allocator, *chain = callee.split("'")
            if allocator in ALLOCATORS and name not in ALLOCATORS:
                count = int(value.split()[0])
                cost.allocations += count
                cost.allocating[who_wants(chain)] += count
        elif not equals and line[:1].isdigit():
            if not after_calls:
                instructions = int(line.split()[1])
                cost.instructions += instructions
                cost.functions[own_name(obj, name, program)] += instructions
            after_calls = False
    return cost
