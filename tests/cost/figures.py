"""The figures that are kept of each piece, and what has become of them."""
import json
import re
from pathlib import Path

# Of the instructions. Two runs differ by less than a ten-thousandth, wherever they are; the rest is for point
# releases of Debian's compiler and libraries. Allocations do not differ at all.
TOLERANCE = 0.01
# A function with less than this share of its piece is not kept.
LEAST_SHARE = 0.002
# So many functions are named where a piece grew.
NAMED = 6
REMEDY = "./run check --cost --keep"


def of_cost(cost):
    least = cost.instructions * LEAST_SHARE
    return {"instructions": cost.instructions, "allocations": cost.allocations,
            "functions": {name: count for name, count in cost.functions.most_common() if count >= least},
            "allocating": dict(cost.allocating.most_common())}


def load(path):
    """{"compiler": ..., "pieces": {piece: figures}}; without pieces when there is no such file."""
    path = Path(path)
    return json.loads(path.read_text()) if path.exists() else {"compiler": "", "pieces": {}}


def save(path, compiler, costs):
    pieces = {piece: of_cost(cost) for piece, cost in costs.items()}
    Path(path).write_text(json.dumps({"compiler": compiler, "pieces": pieces}, indent=1) + "\n")


def write_into_table(path, costs):
    """Puts the two counts of each piece into the last columns of its row in a Markdown table, if it has one."""
    text = Path(path).read_text()
    for piece, cost in costs.items():
        text = re.sub(rf"^(\| `{piece}` \|[^|]*\|)[^|\n]*\|[^|\n]*\|$",
                      rf"\g<1> {cost.instructions:,} | {cost.allocations:,} |", text, flags=re.MULTILINE)
    Path(path).write_text(text)


def change(before, now):
    return f"{100 * (now - before) / before:+.1f} %" if before else "new"


def table(kept, costs, instructions):
    """A line for each piece; without instructions if they are not compared."""
    lines = [f"{'piece':<12}{'instructions':>28}{'':>10}{'allocations':>20}" if instructions else
             f"{'piece':<12}{'allocations':>20}"]
    for piece, cost in costs.items():
        before = kept["pieces"].get(piece, {"instructions": 0, "allocations": 0})
        counts = f"{before['instructions']:>13,} -> {cost.instructions:>11,}" \
                 f"{change(before['instructions'], cost.instructions):>10}" if instructions else ""
        lines.append(f"{piece:<12}{counts}{before['allocations']:>8,} -> {cost.allocations:>8,}")
    return lines


def grown(before, now):
    """The functions that have most more than before, one a line."""
    more = {name: count - before.get(name, 0) for name, count in now.items() if count > before.get(name, 0)}
    names = sorted(more, key=more.get, reverse=True)[:NAMED]
    return [f"  {more[name]:>+10,} {name} ({before.get(name, 0):,} -> {now[name]:,})" for name in names]


def compare_piece(piece, before, cost, instructions):
    """(what is wrong, what is better) with one piece, as lines."""
    if before is None:
        return [f"{piece}: no figures are kept of it; {REMEDY} does that"], []
    wrong, better = [], []
    now = of_cost(cost)
    growth = cost.instructions / before["instructions"] - 1 if instructions else 0
    if growth > TOLERANCE:
        wrong += [f"{piece}: {growth:+.1%} instructions, most of them in",
                  *grown(before["functions"], now["functions"])]
    if (more := cost.allocations - before["allocations"]) > 0:
        wrong += [f"{piece}: {more:+,} allocations, for", *grown(before["allocating"], now["allocating"])]
    if growth < -TOLERANCE:
        better.append(f"{piece}: {growth:+.1%} instructions")
    if more < 0:
        better.append(f"{piece}: {more:+,} allocations")
    return wrong, better


def compare(kept, costs, instructions):
    """(what is wrong, what is better) as lines."""
    wrong, better = [], []
    for piece, cost in costs.items():
        of_piece = compare_piece(piece, kept["pieces"].get(piece), cost, instructions)
        wrong += of_piece[0]
        better += of_piece[1]
    wrong += [f"{piece}: figures are kept of it, but it is no piece any more; {REMEDY} drops them"
              for piece in kept["pieces"] if piece not in costs]
    return wrong, better
