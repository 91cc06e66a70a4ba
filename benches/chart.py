"""Draws small line charts as SVG, readable on a light and on a dark background. It does not know what the figures mean."""

import math
from html import escape

WIDTH, HEIGHT = 360, 220
LEFT, RIGHT, TOP, BOTTOM = 16, 16, 44, 34
COLUMNS = 2
STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #333 }
  .title { font-weight: 600; font-size: 13px }
  .axis { stroke: #999; stroke-width: 1 }
  .line { fill: none; stroke-width: 2 }
  .l0 { stroke: #0b6e4f } .l1 { stroke: #b3541e } .l2 { stroke: #4a5fb5 }
  .d0 { fill: #0b6e4f } .d1 { fill: #b3541e } .d2 { fill: #4a5fb5 }
  @media (prefers-color-scheme: dark) {
    text { fill: #ddd }
    .axis { stroke: #777 }
    .l0 { stroke: #5fd3a8 } .l1 { stroke: #f0a06a } .l2 { stroke: #9db0ff }
    .d0 { fill: #5fd3a8 } .d1 { fill: #f0a06a } .d2 { fill: #9db0ff }
  }
"""


def draw(sizes, panels):
    """Returns one picture of all panels, each a title and named lines. `sizes` are the logarithmic x axis; y begins at zero."""
    rows = math.ceil(len(panels) / COLUMNS)
    width, height = COLUMNS * WIDTH, rows * HEIGHT
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">', f"<style>{STYLE}</style>"]
    parts.append(f"<title>{escape('; '.join(title for title, _ in panels))}, by the number of articles</title>")
    for number, (title, lines) in enumerate(panels):
        x, y = number % COLUMNS * WIDTH, number // COLUMNS * HEIGHT
        parts += [f'<g transform="translate({x} {y})">', *panel(title, sizes, lines), "</g>"]
    return "\n".join([*parts, "</svg>", ""])


def panel(title, sizes, lines):
    top = max(max(values) for values in lines.values()) * 1.15 or 1
    first, last = math.log(min(sizes)), math.log(max(sizes))
    inner = WIDTH - LEFT - RIGHT - 48
    x_of = lambda size: LEFT + 24 + (inner * (math.log(size) - first) / (last - first) if last > first else inner / 2)
    y_of = lambda value: HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top
    yield f'<text class="title" x="{LEFT}" y="18">{escape(title)}</text>'
    yield f'<path class="axis" d="M{LEFT} {HEIGHT - BOTTOM}H{WIDTH - RIGHT}"/>'
    for size in sizes:
        yield f'<text x="{x_of(size):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{short(size)}</text>'
    key_x = LEFT
    taken = {}
    for number, (name, values) in enumerate(lines.items()):
        points = [(x_of(size), y_of(value)) for size, value in zip(sizes, values)]
        yield f'<path class="line l{number}" d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in points)}"/>'
        if name:
            yield f'<circle class="d{number}" cx="{key_x + 4}" cy="32" r="4"/>'
            yield f'<text x="{key_x + 12}" y="36">{escape(name)}</text>'
            key_x += 28 + 7 * len(name)
        for (x, y), value in zip(points, values):
            yield f'<circle class="d{number}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'
            label_y = free_y(y, taken.setdefault(x, []))
            yield f'<text class="d{number}" x="{x:.1f}" y="{label_y:.1f}" text-anchor="middle">{figure(value)}</text>'


def free_y(y, taken):
    """Returns the y of a label: above its point, or elsewhere if it would cover another label or the axis."""
    is_free = lambda label_y: label_y < HEIGHT - BOTTOM - 3 and all(abs(label_y - other) >= 12 for other in taken)
    label_y = next((y + shift for shift in (-7, 16, -20, -33) if is_free(y + shift)), y - 7)
    taken.append(label_y)
    return label_y


def short(count):
    return f"{count / 1e6:g} M" if count >= 1e6 else f"{count / 1e3:.0f} k" if count >= 1e3 else str(count)


def figure(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
