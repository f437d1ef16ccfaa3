"""Curves as plain SVG that is readable on light and on dark pages."""
import math
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 80, 48, 60, 64  # margins around the field of the curves
STYLE = """
  text { font: 14px system-ui, sans-serif; fill: #1f2328; }
  .title { font-size: 17px; font-weight: 600; }
  .page { fill: #ffffff; } .grid { stroke: #d1d9e0; } .axis { stroke: #59636e; }
  .line { fill: none; stroke-width: 2.5; }
  .s0 { stroke: #0969da; } .p0 { fill: #0969da; } .s1 { stroke: #bc4c00; } .p1 { fill: #bc4c00; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .page { fill: #0d1117; } .grid { stroke: #30363d; } .axis { stroke: #9198a1; }
    .s0 { stroke: #58a6ff; } .p0 { fill: #58a6ff; } .s1 { stroke: #f0883e; } .p1 { fill: #f0883e; }
  }
"""


@dataclass(frozen=True)
class Axis:
    """A linear one begins at 0. A logarithmic one has a place for 0 left of all others."""
    title: str  # with the unit
    log: bool = False


def written(value):
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:g}"


class Scale:
    def __init__(self, axis, values, start, end):
        self.log, self.start, self.end = axis.log, start, end
        if axis.log:
            positive = [value for value in values if value > 0]
            first = math.floor(math.log10(min(positive)))
            self.low = first - 1 if min(values) <= 0 else first
            self.high = max(math.log10(max(positive)), first + 1)
            self.ticks = [10**power for power in range(first, math.floor(self.high) + 1)]
            self.ticks += [max(positive)] if self.high > math.floor(self.high) + 0.2 else []
            self.ticks += [0] if self.low < first else []
        else:
            step = self.step(max(max(values), 1e-9))
            self.low, self.high = 0, step * math.ceil(max(max(values), 1e-9) * 1.05 / step)
            self.ticks = [step * i for i in range(round(self.high / step) + 1)]

    @staticmethod
    def step(most):
        rough = most / 5
        power = 10 ** math.floor(math.log10(rough))
        return next(nice * power for nice in (1, 2, 5, 10) if nice * power >= rough)

    def place(self, value):
        if self.log:
            value = math.log10(value) if value > 0 else self.low
        return self.start + (self.end - self.start) * (value - self.low) / (self.high - self.low)


def text(x, y, content, anchor="middle", more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{escape(content)}</text>'


def line(x1, y1, x2, y2, kind):
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def grid(x, y):
    for tick in x.ticks:
        yield line(x.place(tick), y.start, x.place(tick), y.end, "grid")
        yield text(x.place(tick), y.start + 20, written(tick))
    for tick in y.ticks:
        yield line(x.start, y.place(tick), x.end, y.place(tick), "grid")
        yield text(x.start - 8, y.place(tick) + 5, written(tick), "end")
    yield line(x.start, y.start, x.end, y.start, "axis")
    yield line(x.start, y.start, x.start, y.end, "axis")


def marker(number, x, y):
    if number == 0:
        return f'<circle class="p0" cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>'
    return f'<rect class="p{number}" x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8"/>'


def curve(number, name, points, x, y):
    places = [(x.place(at), y.place(value)) for at, value in sorted(points)]
    yield f'<polyline class="line s{number}" points="{" ".join(f"{a:.1f},{b:.1f}" for a, b in places)}"/>'
    yield from (marker(number, *place) for place in places)
    legend = WIDTH - RIGHT - 130
    yield marker(number, legend, TOP - 36 + 20 * number)
    yield text(legend + 12, TOP - 31 + 20 * number, name, "start")


def draw(path, title, x_axis, y_axis, series):
    """Writes one picture. `series`: name -> [(x, y)], at most two of them."""
    x = Scale(x_axis, [at for points in series.values() for at, _ in points], LEFT, WIDTH - RIGHT)
    y = Scale(y_axis, [value for points in series.values() for _, value in points], HEIGHT - BOTTOM, TOP)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
             f'height="{HEIGHT}" role="img">', f"<title>{escape(title)}</title>", f"<style>{STYLE}</style>",
             f'<rect class="page" width="{WIDTH}" height="{HEIGHT}" rx="6"/>',
             text(LEFT, 32, title, "start", ' class="title"'), *grid(x, y)]
    for number, (name, points) in enumerate(series.items()):
        parts += curve(number, name, points, x, y)
    parts += [text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 16, x_axis.title),
              text(22, (TOP + HEIGHT - BOTTOM) / 2, y_axis.title,
                   more=f' transform="rotate(-90 22 {(TOP + HEIGHT - BOTTOM) / 2:.1f})"'), "</svg>"]
    Path(path).write_text("\n".join(parts) + "\n", encoding="utf-8")
