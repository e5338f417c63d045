"""Draws the demo's three hero images. Run it by `python -m cms.demo.draw_heroes`; the results are committed.

Flat shapes in units of a picture of 1600 x 1066, drawn at three times that size and scaled down, so that
edges are smooth. The same script draws the same pictures: the only randomness is seeded.
"""

import math
import random
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT, SCALE = 1600, 1066, 3
COLORS = 224
ARTICLES = Path(__file__).parent / "articles"

Point = tuple[float, float]
Color = tuple[int, int, int]

CREAM, SAND = (248, 242, 233), (238, 226, 210)
INK, SLATE, TEAL, MIST = (52, 66, 82), (96, 122, 138), (78, 141, 143), (211, 226, 226)
ROSE, CORAL, BRICK = (231, 178, 165), (217, 128, 113), (176, 78, 72)
PEACH, BLUSH, BUTTER, GOLD = (243, 205, 180), (240, 196, 184), (247, 223, 168), (226, 169, 82)


def main() -> None:
    for name, draw in HEROES.items():
        canvas = Canvas()
        draw(canvas)
        canvas.save(ARTICLES / f"{name}.png")


class Canvas:
    """A picture that grows shape by shape; every coordinate is in units of the finished picture."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), CREAM)

    def shape(self, points: Sequence[Point], fill: Color, *, to: Color | None = None, alpha: float = 1) -> None:
        """A filled polygon; `to` is the color at its lower end."""
        self._paint(self._mask(lambda draw: draw.polygon(_scaled(points), fill=255)), fill, to, alpha)

    def circle(self, center: Point, radius: float, fill: Color, *, to: Color | None = None, alpha: float = 1) -> None:
        self.shape(ellipse(center, radius, radius), fill, to=to, alpha=alpha)

    def line(self, points: Sequence[Point], start: float, end: float, fill: Color, *, alpha: float = 1) -> None:
        """A line with round ends whose width goes from `start` to `end`."""
        self._paint(self._mask(lambda draw: _draw_taper(draw, points, start, end)), fill, None, alpha)

    def glow(self, center: Point, radius: float, fill: Color, alpha: float) -> None:
        """A soft spot of light or redness."""
        mask = self._mask(lambda draw: draw.polygon(_scaled(ellipse(center, radius, radius)), fill=255))
        self._paint(mask.filter(ImageFilter.GaussianBlur(radius * SCALE * 0.33)), fill, None, alpha)

    def shadow(self, points: Sequence[Point], *, down: float = 12, blur: float = 16, alpha: float = 0.16) -> None:
        moved = [(x, y + down) for x, y in points]
        mask = self._mask(lambda draw: draw.polygon(_scaled(moved), fill=255))
        self._paint(mask.filter(ImageFilter.GaussianBlur(blur * SCALE)), INK, None, alpha)

    def inside(self, points: Sequence[Point], draw: Callable[["Canvas"], None]) -> None:
        """What `draw` paints, cut off at the outline of `points`."""
        layer = Canvas()
        layer.image = self.image.copy()
        draw(layer)
        self.image.paste(layer.image, mask=self._mask(lambda pen: pen.polygon(_scaled(points), fill=255)))

    def save(self, path: Path) -> None:
        small = self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        palette = small.quantize(COLORS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        palette.save(path, optimize=True)

    def _mask(self, draw: Callable[[ImageDraw.ImageDraw], None]) -> Image.Image:
        mask = Image.new("L", self.image.size, 0)
        draw(ImageDraw.Draw(mask))
        return mask

    def _paint(self, mask: Image.Image, fill: Color, to: Color | None, alpha: float) -> None:
        box = mask.getbbox()
        if box is None:
            return
        cut = mask.crop(box)
        if alpha < 1:
            cut = ImageChops.multiply(cut, Image.new("L", cut.size, round(255 * alpha)))
        self.image.paste(_gradient(cut.size, fill, to or fill), box[:2], cut)


# Geometry


def curve(points: Sequence[Point], *, closed: bool = False, steps: int = 24) -> list[Point]:
    """A smooth line through the points (Catmull-Rom)."""
    count = len(points)
    at = (lambda i: points[i % count]) if closed else (lambda i: points[max(0, min(i, count - 1))])
    spans = range(count if closed else count - 1)
    line = [_between(at(i - 1), at(i), at(i + 1), at(i + 2), step / steps) for i in spans for step in range(steps)]
    return line if closed else [*line, points[-1]]


def _between(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    def axis(p: float, q: float, r: float, s: float) -> float:
        return 0.5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t**2 + (3 * q - p - 3 * r + s) * t**3)

    return axis(a[0], b[0], c[0], d[0]), axis(a[1], b[1], c[1], d[1])


def ellipse(center: Point, across: float, down: float, start: float = 0, end: float = 360) -> list[Point]:
    angles = [math.radians(start + (end - start) * step / 120) for step in range(121)]
    return [(center[0] + across * math.cos(angle), center[1] + down * math.sin(angle)) for angle in angles]


def sleeve(axis: Sequence[Point], widths: Sequence[float]) -> list[Point]:
    """The outline around an axis; `widths` are spread evenly along it."""
    left, right = [], []
    for i, (x, y) in enumerate(axis):
        (ax, ay), (bx, by) = axis[max(i - 1, 0)], axis[min(i + 1, len(axis) - 1)]
        length = math.hypot(bx - ax, by - ay) or 1
        half = _spread(widths, i / (len(axis) - 1)) / 2
        nx, ny = -(by - ay) / length * half, (bx - ax) / length * half
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
    return left + right[::-1]


def mirrored(points: Iterable[Point], middle: float) -> list[Point]:
    return [(2 * middle - x, y) for x, y in points]


def _spread(values: Sequence[float], t: float) -> float:
    place = t * (len(values) - 1)
    low = min(int(place), len(values) - 2)
    ease = (1 - math.cos((place - low) * math.pi)) / 2
    return values[low] + (values[low + 1] - values[low]) * ease


def _scaled(points: Iterable[Point]) -> list[Point]:
    return [(x * SCALE, y * SCALE) for x, y in points]


def _draw_taper(draw: ImageDraw.ImageDraw, points: Sequence[Point], start: float, end: float) -> None:
    widths = [start + (end - start) * i / max(len(points) - 1, 1) for i in range(len(points))]
    draw.polygon(_scaled(sleeve(points, widths)), fill=255)
    for (x, y), width in ((points[0], start), (points[-1], end)):
        draw.polygon(_scaled(ellipse((x, y), width / 2, width / 2)), fill=255)


def _gradient(size: tuple[int, int], top: Color, bottom: Color) -> Image.Image:
    if top == bottom:
        return Image.new("RGB", size, top)
    column = Image.new("RGB", (1, 64))
    for y in range(64):
        column.putpixel((0, y), tuple(round(a + (b - a) * y / 63) for a, b in zip(top, bottom, strict=True)))
    return column.resize(size, Image.Resampling.BILINEAR)


# The scalp


def scalp(canvas: Canvas) -> None:
    """Three follicles in a cross-section; the one on the right is inflamed."""
    canvas.shape([(0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT)], (229, 238, 236), to=CREAM)
    canvas.circle((1270, 190), 250, (255, 255, 255), alpha=0.35)
    canvas.circle((250, 60), 170, (255, 255, 255), alpha=0.25)
    surface = [(x, 420 + 9 * math.sin(x / 130) + 5 * math.sin(x / 47)) for x in range(-20, 1640, 10)]
    _skin(canvas, surface)
    _vessels(canvas)
    canvas.glow((1190, 640), 300, CORAL, 0.62)
    canvas.glow((1230, 440), 170, CORAL, 0.5)
    for x, is_inflamed in ((330, False), (745, False), (1160, True)):
        _follicle(canvas, x, is_inflamed=is_inflamed)
    _immune_cells(canvas)
    _flakes(canvas)


def _skin(canvas: Canvas, surface: list[Point]) -> None:
    bottom = [(1640, HEIGHT), (-20, HEIGHT)]
    papillae = [(x, y + 64 + 9 * math.sin(x / 21)) for x, y in surface for x in (x, x + 5)]
    fat = curve([(-20, 905), (240, 868), (520, 902), (800, 866), (1090, 900), (1360, 868), (1640, 900)])
    canvas.shadow(surface + bottom, down=-8, blur=14, alpha=0.10)
    canvas.shape(surface + bottom, (226, 164, 140), to=(240, 196, 170))
    canvas.shape([(x, y + 16) for x, y in surface] + bottom, PEACH, to=(246, 214, 192))
    canvas.shape(papillae + bottom, BLUSH, to=(246, 216, 205))
    canvas.shape(fat + bottom, (244, 214, 150), to=(238, 200, 132))
    _fat_cells(canvas)


def _fat_cells(canvas: Canvas) -> None:
    dice = random.Random(4)
    for row, y in enumerate((945, 1004, 1062)):
        for column in range(27):
            x = column * 64 - 20 + (row % 2) * 32 + dice.uniform(-6, 6)
            radius = 30 + dice.uniform(-4, 3)
            outline = ellipse((x, y + dice.uniform(-5, 5)), radius, radius * 0.9)
            canvas.shape(outline, (250, 230, 182), to=(246, 219, 160))


def _vessels(canvas: Canvas) -> None:
    artery = curve([(-20, 850), (210, 822), (470, 862), (760, 824), (1030, 858), (1330, 820), (1640, 858)])
    vein = [(x, y + 24) for x, y in artery]
    for x in (130, 545, 960, 1420):
        stem = curve([(x, 838), (x + 16, 740), (x - 14, 640), (x + 10, 555)])
        canvas.line(stem, 7, 3, (205, 112, 104))
        canvas.line(curve([(x + 12, 720), (x + 48, 662), (x + 52, 600)]), 4.5, 2.5, (205, 112, 104))
    canvas.line(vein, 12, 12, (132, 152, 178))
    canvas.line(artery, 12, 12, (200, 100, 94))


def _follicle(canvas: Canvas, x: float, *, is_inflamed: bool) -> None:
    axis = curve([(x, 850), (x + 18, 730), (x + 38, 590), (x + 60, 428)])
    hair = curve([(x, 832), (x + 18, 730), (x + 38, 590), (x + 62, 420), (x + 104, 260), (x + 176, 96), (x + 236, -30)])
    muscle = curve([(x + 24, 700), (x + 100, 610), (x + 168, 505)])
    canvas.line(muscle, 15, 8, (196, 132, 124), alpha=0.85)
    _gland(canvas, (x - 22, 566), is_inflamed)
    outer, inner = ((214, 120, 104), (232, 160, 140)) if is_inflamed else ((222, 160, 134), (240, 196, 168))
    canvas.shape(sleeve(axis, (70, 74, 58, 54, 56, 58, 78)), outer)
    canvas.circle((x - 2, 846), 45, outer)
    canvas.shape(sleeve(axis, (44, 50, 36, 32, 34, 36, 50)), inner)
    canvas.circle((x - 2, 844), 29, inner)
    bulb = curve([(x - 24, 858), (x - 14, 826), (x + 6, 796), (x + 20, 828), (x + 20, 860), (x - 2, 850)], closed=True)
    canvas.shape(bulb, (112, 82, 70))
    canvas.shape(ellipse((x - 2, 862), 13, 17), BRICK if is_inflamed else (206, 118, 108))
    canvas.line(hair, 17, 9, (94, 70, 62))
    canvas.line([(px - 2.5, py) for px, py in hair], 4, 2, (140, 110, 96), alpha=0.8)


def _gland(canvas: Canvas, center: Point, is_inflamed: bool) -> None:
    x, y = center
    top, low = ((240, 176, 120), (232, 150, 104)) if is_inflamed else (BUTTER, (238, 198, 130))
    canvas.line(curve([(x + 6, y), (x + 40, y - 22), (x + 76, y - 54)]), 26, 16, low)
    for dx, dy, radius in ((-30, 4, 29), (-4, -22, 27), (-12, 30, 28), (16, 8, 26)):
        canvas.circle((x + dx, y + dy), radius, top, to=low)


def _immune_cells(canvas: Canvas) -> None:
    """They gather around the inflamed follicle, at a distance from each other and from the hair."""
    dice = random.Random(11)
    placed: list[Point] = []
    while len(placed) < 30:
        height = dice.uniform(0, 1)
        x = 1160 + 50 * height + dice.choice((-1, 1)) * dice.uniform(64, 150)
        y = 820 - 300 * height
        in_gland = math.hypot(x - 1132, y - 566) < 80
        if not in_gland and all(math.hypot(x - a, y - b) > 31 for a, b in placed):
            placed.append((x, y))
    for x, y in placed:
        radius = dice.uniform(10.5, 14)
        canvas.circle((x, y), radius, (120, 170, 172), to=TEAL)
        canvas.circle((x + 2, y + 1), radius * 0.56, (48, 100, 106))


def _flakes(canvas: Canvas) -> None:
    dice = random.Random(3)
    for x in (1095, 1135, 1168, 1262, 1300, 1345, 1392):
        y = 404 - dice.uniform(0, 12)
        size, tilt = dice.uniform(13, 24), dice.uniform(-6, 6)
        flake = [(x - size, y + tilt), (x - size * 0.3, y - 8), (x + size, y - tilt), (x + size * 0.4, y + 9)]
        canvas.shape(curve(flake, closed=True), (255, 250, 242), to=(236, 220, 206))


# The face


def face(canvas: Canvas) -> None:
    """A profile; the facial nerve spreads from in front of the ear."""
    canvas.shape([(0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT)], (224, 234, 233), to=(243, 239, 231))
    canvas.circle((820, 520), 470, (255, 255, 255), alpha=0.45)
    canvas.circle((820, 520), 390, (255, 255, 255), alpha=0.45)
    outline = curve(PROFILE) + [(1180, 1100), (430, 1100)]
    canvas.shadow(outline, down=14, blur=26, alpha=0.2)
    canvas.shape(outline, (240, 205, 184), to=(226, 178, 156))
    canvas.inside(outline, _face_inside)
    _nerve(canvas)
    _ear(canvas)


PROFILE: tuple[Point, ...] = ()


def _face_inside(canvas: Canvas) -> None: ...


def _nerve(canvas: Canvas) -> None: ...


def _ear(canvas: Canvas) -> None: ...


# The chest


def chest(canvas: Canvas) -> None: ...


HEROES: dict[str, Callable[[Canvas], None]] = {
    "rapamycin-and-scalp-inflammation": scalp,
}

if __name__ == "__main__":
    main()
