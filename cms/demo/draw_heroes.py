"""Draws the demo's three hero images. Run it by `python -m cms.demo.draw_heroes`; the results are committed.

Flat shapes in units of a picture of 1600 x 1066, drawn at three times that size and scaled down, so that
edges are smooth. The only randomness is seeded: the same script draws the same pictures.
"""

import math
import random
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT, SCALE = 1600, 1066, 3
COLORS = 256
ARTICLES = Path(__file__).parent / "articles"

Point = tuple[float, float]
Color = tuple[int, int, int]

CREAM, INK, CORAL = (248, 242, 233), (52, 66, 82), (217, 110, 96)
PAGE = ((0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT))


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

    def rings(self, center: Point, radii: Sequence[float], fill: Color, alpha: float) -> None:
        """Translucent discs over each other: a flat glow."""
        for radius in radii:
            self.circle(center, radius, fill, alpha=alpha)

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
        palette = small.quantize(COLORS, method=Image.Quantize.MEDIANCUT, kmeans=8)
        dithered = small.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)
        dithered.save(path, optimize=True)

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

FOLLICLES = ((330, False), (745, False), (1160, True))  # where it stands, whether it is inflamed


def scalp(canvas: Canvas) -> None:
    """Three follicles in a cross-section; the one on the right is inflamed."""
    canvas.shape(PAGE, (226, 237, 236), to=(246, 243, 236))
    canvas.circle((1330, 170), 230, (255, 255, 255), alpha=0.4)
    surface = [(x, 420 + 9 * math.sin(x / 130) + 5 * math.sin(x / 47)) for x in range(-20, 1640, 10)]
    skin = [*surface, (1640.0, HEIGHT), (-20.0, HEIGHT)]
    canvas.shadow(skin, down=-8, blur=14, alpha=0.10)
    canvas.inside(skin, lambda inner: _below_surface(inner, surface))
    for x, _ in FOLLICLES:
        _hair(canvas, x)
    _flakes(canvas)


def _below_surface(canvas: Canvas, surface: list[Point]) -> None:
    bottom = [(1640.0, HEIGHT), (-20.0, HEIGHT)]
    canvas.shape([(-20, 380), (1640, 380), *bottom], (219, 152, 128))
    canvas.shape([(x, y + 17) for x, y in surface] + bottom, (244, 206, 180))
    canvas.shape([(x, y + 66 + 9 * math.sin(x / 21)) for x, y in surface] + bottom, (240, 194, 182), to=(246, 216, 205))
    canvas.rings((1190, 620), (300, 245, 190, 135), CORAL, 0.2)
    _vessels(canvas)
    fat = curve([(-20, 905), (240, 876), (520, 902), (800, 874), (1090, 900), (1360, 876), (1640, 900)])
    canvas.shape(fat + bottom, (240, 203, 134))
    _fat_cells(canvas)
    for x, is_inflamed in FOLLICLES:
        _follicle(canvas, x, is_inflamed)
    _immune_cells(canvas)


def _fat_cells(canvas: Canvas) -> None:
    dice = random.Random(4)
    for row, y in enumerate((948, 1004, 1060)):
        for column in range(27):
            x = column * 64 - 20 + (row % 2) * 32 + dice.uniform(-4, 4)
            radius, lift = 29 + dice.uniform(-3, 2), dice.uniform(-4, 4)
            canvas.shape(ellipse((x, y + lift), radius, radius * 0.9), (250, 229, 180))
            canvas.shape(ellipse((x - 7, y + lift - 7), radius * 0.5, radius * 0.42), (253, 239, 205))


def _vessels(canvas: Canvas) -> None:
    red, blue = (203, 104, 97), (134, 154, 180)
    artery = curve([(-20, 846), (210, 826), (470, 854), (760, 826), (1030, 852), (1330, 824), (1640, 854)])
    canvas.line([(x, y + 22) for x, y in artery], 11, 11, blue)
    canvas.line(artery, 11, 11, red)
    for x in (150, 560, 975, 1420):
        canvas.line(curve([(x - 4, 836), (x + 16, 740), (x - 14, 640), (x + 10, 555)]), 8, 3, red)
        canvas.line(curve([(x + 13, 730), (x + 48, 662), (x + 52, 600)]), 5, 2.5, red)


def _follicle(canvas: Canvas, x: float, is_inflamed: bool) -> None:
    axis = curve([(x, 850), (x + 18, 730), (x + 38, 590), (x + 62, 400)])
    outer, inner = ((200, 96, 86), (232, 150, 132)) if is_inflamed else ((219, 152, 128), (244, 206, 180))
    canvas.line(curve([(x + 24, 700), (x + 100, 610), (x + 168, 505)]), 15, 8, (196, 126, 118))
    _gland(canvas, (x - 24, 562), is_inflamed)
    canvas.shape(sleeve(axis, (70, 76, 60, 54, 56, 60, 92)), outer)
    canvas.circle((x - 2, 846), 46, outer)
    canvas.shape(sleeve(axis, (44, 52, 38, 33, 35, 38, 66)), inner)
    canvas.circle((x - 2, 844), 30, inner)
    bulb = [(x - 24, 858), (x - 14, 826), (x + 6, 796), (x + 20, 828), (x + 20, 860), (x - 2, 850)]
    canvas.shape(curve(bulb, closed=True), (94, 70, 62))
    canvas.shape(ellipse((x - 2, 864), 12, 16), outer if is_inflamed else (214, 128, 116))


def _gland(canvas: Canvas, center: Point, is_inflamed: bool) -> None:
    x, y = center
    light, dark = ((244, 184, 124), (228, 148, 100)) if is_inflamed else ((249, 225, 166), (232, 190, 120))
    canvas.line(curve([(x + 6, y), (x + 40, y - 22), (x + 78, y - 56)]), 26, 16, dark)
    lobes = ((-32, 4, 28), (-4, -24, 27), (-12, 30, 28), (14, 6, 26))
    for dx, dy, radius in lobes:
        canvas.circle((x + dx, y + dy), radius, dark)
    for dx, dy, radius in lobes:
        canvas.circle((x + dx, y + dy), radius - 5, light)
    canvas.circle((x - 10, y + 4), 12, light)


def _hair(canvas: Canvas, x: float) -> None:
    points = [(x, 832), (x + 18, 730), (x + 38, 590), (x + 62, 420), (x + 104, 260), (x + 176, 96), (x + 236, -30)]
    hair = curve(points)
    canvas.line(hair, 17, 9, (94, 70, 62))
    canvas.line([(px - 2.5, py) for px, py in hair], 4, 2, (146, 116, 102))


def _immune_cells(canvas: Canvas) -> None:
    """They gather around the inflamed follicle, at a distance from each other, from the gland and from the hair."""
    dice = random.Random(11)
    placed: list[Point] = []
    while len(placed) < 30:
        height = dice.uniform(0, 1)
        x = 1160 + 50 * height + dice.choice((-1, 1)) * dice.uniform(64, 160)
        y = 815 - 290 * height
        in_gland = math.hypot(x - 1128, y - 562) < 82
        if not in_gland and all(math.hypot(x - a, y - b) > 33 for a, b in placed):
            placed.append((x, y))
    for x, y in placed:
        radius = dice.uniform(11, 14.5)
        canvas.circle((x, y), radius, (112, 168, 170))
        canvas.circle((x + 2, y + 1), radius * 0.55, (42, 92, 100))


def _flakes(canvas: Canvas) -> None:
    dice = random.Random(3)
    for x in (1085, 1128, 1166, 1288, 1330, 1378):
        y = 412 - dice.uniform(0, 9)
        size, tilt = dice.uniform(15, 25), dice.uniform(-6, 6)
        flake = [(x - size, y + tilt), (x - size * 0.3, y - 8), (x + size, y - tilt), (x + size * 0.4, y + 9)]
        canvas.shape(curve([(px, py + 4) for px, py in flake], closed=True), (206, 160, 140))
        canvas.shape(curve(flake, closed=True), (255, 250, 242))


# The face

PROFILE = (
    *((545, 1090), (536, 950), (505, 850), (448, 740), (408, 610), (402, 480), (436, 340), (514, 225)),
    *((640, 148), (790, 118), (935, 142), (1040, 212), (1088, 305), (1098, 385), (1090, 432), (1114, 486)),
    *((1158, 548), (1176, 580), (1160, 604), (1116, 616), (1112, 640), (1136, 668), (1112, 691), (1128, 718)),
    *((1100, 745), (1112, 786), (1096, 832), (1040, 862), (960, 876), (905, 912), (888, 990), (900, 1090)),
)
HAIR = (
    *((500, 862), (440, 740), (396, 610), (388, 470), (424, 324), (504, 206), (636, 126), (796, 98), (950, 124)),
    *((1050, 196), (1068, 246), (1010, 252), (962, 292), (940, 360), (896, 402), (866, 452), (862, 520), (800, 470)),
    *((752, 500), (742, 590), (718, 690), (640, 780), (560, 850)),
)
ORIGIN = (842, 640)  # where the facial nerve comes to the surface
BRANCHES = (
    ((842, 640), (884, 560), (930, 456), (990, 350), (1030, 290)),
    ((842, 640), (892, 580), (946, 520), (1004, 474)),
    ((842, 640), (916, 600), (990, 552), (1050, 504)),
    ((842, 640), (926, 630), (1008, 606), (1092, 580)),
    ((842, 640), (920, 664), (1004, 672), (1074, 660)),
    ((842, 640), (900, 706), (980, 760), (1080, 770)),
    ((842, 640), (866, 730), (872, 830), (842, 940)),
)
TWIGS = (
    ((930, 456), (968, 424), (984, 410)),
    ((990, 350), (986, 318), (990, 292)),
    ((946, 520), (966, 470), (994, 432)),
    ((990, 552), (1040, 552), (1072, 540)),
    ((1008, 606), (1050, 612), (1086, 622)),
    ((1004, 672), (1044, 694), (1074, 706)),
    ((980, 760), (1024, 742), (1066, 734)),
    ((872, 830), (898, 868), (906, 900)),
    ((884, 560), (888, 510), (906, 470)),
)


def face(canvas: Canvas) -> None:
    """A profile; the facial nerve spreads from in front of the ear."""
    canvas.shape(PAGE, (222, 233, 232), to=(243, 239, 231))
    canvas.rings((800, 540), (500, 410), (255, 255, 255), 0.4)
    head = [*curve(PROFILE), (900.0, 1100.0), (545.0, 1100.0)]
    canvas.shadow(head, down=10, blur=22, alpha=0.18)
    canvas.inside(head, _features)
    canvas.shape(curve(HAIR, closed=True), (70, 88, 104), to=(54, 70, 86))
    for start, middle, end in (((470, 420), (560, 270), (760, 190)), ((520, 600), (580, 420), (760, 300))):
        canvas.line(curve([start, middle, end]), 3, 7, (98, 118, 134))
    _ear(canvas)
    _nerve(canvas)
    collar = [(330, 1100), (420, 1020), (545, 975), (700, 1030), (880, 985), (1000, 1020), (1110, 1100)]
    canvas.shape(curve(collar), (92, 150, 150), to=(74, 130, 132))


def _features(canvas: Canvas) -> None:
    canvas.shape(PAGE, (243, 208, 186), to=(234, 190, 168))
    neck = [(872, 838), (964, 884), (1040, 866), (960, 900), (905, 940), (890, 1090), (806, 1090), (850, 960)]
    canvas.shape(curve(neck, closed=True), (222, 172, 150))
    canvas.circle((1010, 620), 82, (236, 172, 152), alpha=0.55)
    canvas.shape(ellipse((1126, 692), 48, 25), (206, 118, 108))
    canvas.line(curve([(1130, 691), (1090, 694), (1070, 702)]), 5, 3, (150, 76, 72))
    canvas.line(curve([(1112, 598), (1126, 590), (1138, 596)]), 5, 3, (190, 128, 110))
    canvas.line(curve([(1010, 396), (1046, 376), (1084, 382)]), 9, 6, (70, 88, 104))
    eye = curve([(1018, 448), (1046, 428), (1076, 426), (1078, 446), (1052, 456)], closed=True)
    canvas.shape(eye, (255, 251, 245))
    canvas.inside(eye, lambda inner: inner.circle((1064, 441), 14, (58, 92, 104)))
    canvas.line(curve([(1014, 450), (1044, 427), (1082, 423)]), 6, 5, INK)


def _ear(canvas: Canvas) -> None:
    shell = [(792, 474), (834, 476), (852, 512), (842, 556), (826, 592), (812, 622), (790, 616), (780, 570), (766, 520)]
    canvas.shadow(curve(shell, closed=True), down=4, blur=7, alpha=0.2)
    canvas.shape(curve(shell, closed=True), (247, 216, 196))
    canvas.line(curve([(788, 512), (806, 494), (830, 504), (832, 540), (812, 570)]), 6, 4, (204, 146, 126))
    canvas.line(curve([(806, 540), (814, 556), (804, 582)]), 6, 4, (204, 146, 126))


def _nerve(canvas: Canvas) -> None:
    canvas.rings(ORIGIN, (66, 46, 28), (214, 104, 90), 0.3)
    for color, more in (((196, 128, 46), 5), ((244, 192, 92), 0)):
        for twig in TWIGS:
            canvas.line(curve(twig), 5 + more, 2.5 + more * 0.8, color)
        for branch in BRANCHES:
            canvas.line(curve(branch), 13 + more, 4 + more * 0.8, color)
    canvas.circle(ORIGIN, 13, (250, 214, 132))


# The chest

BORE = (800, 533)
LUNG = (
    *((716, 318), (664, 352), (616, 428), (584, 530), (568, 640), (574, 722), (612, 736), (664, 708), (724, 716)),
    *((758, 690), (760, 600), (752, 520), (758, 430), (752, 352)),
)
HEART_LUNG = (
    *((884, 318), (936, 352), (984, 428), (1016, 530), (1032, 640), (1026, 722), (988, 736), (936, 708), (892, 714)),
    *((862, 680), (880, 620), (862, 560), (844, 510), (842, 430), (848, 352)),
)
AIRWAYS = (
    ((746, 478), (700, 500), (650, 560), (622, 630)),
    ((700, 500), (680, 450), (660, 420)),
    ((746, 478), (724, 420), (712, 372)),
    ((700, 500), (706, 580), (690, 660)),
    ((650, 560), (640, 620), (652, 680)),
    ((650, 560), (620, 556), (602, 570)),
    ((706, 580), (726, 620), (730, 672)),
    ((706, 580), (680, 610), (668, 640)),
)
FISSURES = (
    ((590, 560), (660, 590), (758, 640)),
    ((640, 470), (700, 486), (752, 480)),
    ((858, 520), (940, 590), (1006, 690)),
)
SPOT = (962, 472)


def chest(canvas: Canvas) -> None:
    """Both lungs in the ring of a scanner; a spot in one of them is marked."""
    canvas.shape(PAGE, (219, 231, 232), to=(241, 239, 233))
    canvas.circle((230, 250), 210, (255, 255, 255), alpha=0.3)
    canvas.circle((1400, 830), 260, (255, 255, 255), alpha=0.3)
    _scanner(canvas)
    canvas.inside(ellipse(BORE, 392, 392), _torso)
    canvas.inside(ellipse(BORE, 392, 392), _beams)


def _scanner(canvas: Canvas) -> None:
    stand = curve([(420, 1100), (440, 1010), (520, 960), (1080, 960), (1160, 1010), (1180, 1100)])
    canvas.shape(stand, (196, 208, 212))
    ring = ellipse(BORE, 500, 500)
    canvas.shadow(ring, down=14, blur=18, alpha=0.18)
    canvas.circle(BORE, 500, (252, 252, 250), to=(222, 230, 232))
    canvas.circle(BORE, 462, (232, 238, 239), to=(244, 246, 246))
    canvas.line(ellipse(BORE, 446, 446, 205, 335), 9, 9, (112, 172, 172))
    canvas.line(ellipse(BORE, 446, 446, 60, 120), 9, 9, (200, 213, 216))
    for angle in (170, 176, 182, 188):
        canvas.circle(ellipse(BORE, 446, 446, angle, angle)[0], 6, (150, 172, 180))
    canvas.circle(BORE, 416, (168, 186, 193), to=(196, 209, 213))


def _torso(canvas: Canvas) -> None:
    canvas.circle(BORE, 392, (74, 96, 112), to=(56, 74, 90))
    right = curve(
        [
            (1190, 1000),
            (1196, 760),
            (1184, 560),
            (1146, 424),
            (1080, 344),
            (970, 290),
            (888, 252),
            (866, 190),
            (866, 100),
        ]
    )
    body = [*right, *mirrored(right, 800)[::-1]]
    canvas.shape(body, (244, 210, 190), to=(230, 184, 164))
    for side in (1, -1):
        arm = [(800 + side * dx, y) for dx, y in ((268, 470), (254, 560), (250, 700), (262, 1000))]
        canvas.line(curve(arm), 3, 9, (206, 152, 132))
    _bones(canvas)
    _lungs(canvas)


def _bones(canvas: Canvas) -> None:
    bone = (250, 228, 212)
    for side in (1, -1):
        collarbone = [(800 + side * dx, y) for dx, y in ((36, 300), (124, 293), (216, 314))]
        canvas.line(curve(collarbone), 13, 8, bone)
        for row in range(7):
            y, out = 366 + row * 56, 190 + 56 * math.sin((row + 1) / 8 * math.pi * 0.75)
            rib = [(34, y), (out * 0.6, y - 16), (out * 0.94, y + 26), (out, y + 66)]
            canvas.line(curve([(800 + side * dx, dy) for dx, dy in rib]), 13, 8, bone)
    canvas.line([(800, 330), (800, 690)], 34, 26, bone)


def _lungs(canvas: Canvas) -> None:
    heart = [(804, 560), (850, 548), (900, 600), (890, 680), (830, 716), (784, 680), (776, 610)]
    canvas.shape(curve(heart, closed=True), (186, 88, 84))
    for lobe in (LUNG, HEART_LUNG):
        outline = curve(lobe, closed=True)
        canvas.shadow(outline, down=5, blur=8, alpha=0.22)
        canvas.shape(outline, (234, 158, 148), to=(214, 122, 114))
    for fissure in FISSURES:
        canvas.line(curve(fissure), 4, 3, (190, 98, 94))
    for side in (False, True):
        for airway in AIRWAYS:
            line = curve(mirrored(airway, 800) if side else airway)
            canvas.line(line, 11, 4, (248, 222, 212))
    for side in (False, True):
        main = curve([(800, 424), (782, 452), (742, 480)])
        canvas.line(mirrored(main, 800) if side else main, 22, 12, (248, 222, 212))
    canvas.line([(800, 150), (800, 434)], 30, 28, (248, 222, 212))
    for y in range(170, 430, 22):
        canvas.line([(789, y), (811, y)], 6, 6, (222, 176, 164))


def _beams(canvas: Canvas) -> None:
    """Light lines that cross at the spot."""
    x, y = SPOT
    for way_x, way_y in ((0, -1), (0, 1), (-1, 0), (1, 0)):
        beam = [(x + way_x * far, y + way_y * far) for far in (62, 900)]
        canvas.line(beam, 2.5, 2.5, (255, 240, 200), alpha=0.75)
    canvas.rings(SPOT, (58, 44), (255, 226, 150), 0.3)
    canvas.line(ellipse(SPOT, 58, 58), 5, 5, (250, 206, 112))
    canvas.circle(SPOT, 17, (148, 62, 62))
    canvas.circle((x - 4, y - 5), 6, (196, 104, 98))


HEROES: dict[str, Callable[[Canvas], None]] = {
    "rapamycin-and-scalp-inflammation": scalp,
    "bells-palsy": face,
    "lung-cancer-screening-with-low-dose-ct": chest,
}

if __name__ == "__main__":
    main()
