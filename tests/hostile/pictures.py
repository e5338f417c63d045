"""Pictures that are odd or hostile, made in memory: bytes by name. Used by test_images."""

import io
import struct
import zlib

from PIL import Image as Picture
from PIL.PngImagePlugin import PngInfo

SECRET = b"51.5074 NORTH"  # stands in every place of a file where a picture can say where it was taken


def saved(picture: Picture.Image, kind: str, **options) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def plain(size=(64, 32), mode="RGB", color="red") -> Picture.Image:
    return Picture.new(mode, size, color)


def png_header(width: int, height: int, *, depth: int = 8, color: int = 2, rows: bytes = b"") -> bytes:
    """A PNG that says it is of this size; `rows` is what its data inflates to."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def bomb() -> bytes:
    """Some 10 KiB that decode to 300 MB."""
    return png_header(9_000, 9_000, color=0, depth=1, rows=bytes(9_000 * (9_000 // 8 + 1)))


def animated(kind: str) -> bytes:
    frames = [plain(color=color) for color in ("red", "green", "blue")]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:])


def located(kind: str, orientation: int = 6) -> bytes:
    """Taken with the camera on its side; EXIF, XMP, a comment and a colour profile hold SECRET."""
    picture = plain((64, 32))
    picture.paste("blue", (0, 0, 32, 32))
    exif = Picture.Exif()
    exif[0x0112], exif[0x010E], exif[0x8825] = (
        orientation,
        SECRET.decode(),
        {1: "N", 2: (51.0, 30.0, 26.0), 29: SECRET.decode()},
    )
    about = PngInfo()
    about.add_text("Comment", SECRET.decode())
    more = (
        {"pnginfo": about}
        if kind == "PNG"
        else {"comment": SECRET, "xmp": SECRET}
        if kind == "JPEG"
        else {"xmp": SECRET}
    )
    return saved(picture, kind, exif=exif, icc_profile=SECRET * 20, **more)


GOOD = {
    "cmyk.jpg": saved(plain(mode="CMYK", color=(0, 255, 255, 0)), "JPEG"),
    "grey.jpg": saved(plain(mode="L", color=128), "JPEG"),
    "turned.jpg": located("JPEG"),
    "turned.webp": located("WEBP"),
    "turned.png": located("PNG"),
    "grey-16-bit.png": saved(Picture.new("I;16", (64, 32), 40_000), "PNG"),
    "rgb-16-bit.png": png_header(64, 32, depth=16, rows=(b"\0" + b"\xff\xff\0\0\0\0" * 64) * 32),
    "palette.png": saved(plain(mode="RGBA", color=(255, 0, 0, 0)).convert("P"), "PNG", transparency=0),
    "one-bit.png": saved(plain(mode="1", color=1), "PNG"),
    "grey-alpha.png": saved(plain(mode="LA", color=(128, 0)), "PNG"),
    "one-pixel.png": saved(plain((1, 1)), "PNG"),
    "wide.png": saved(plain((15_000, 1)), "PNG"),
    "tall.png": saved(plain((1, 15_000)), "PNG"),
    "moving.webp": animated("WEBP"),
}  # fmt: skip
BAD = {
    "bomb.png": (bomb(), "too large"),
    "wider.png": (saved(plain((30_000, 1)), "PNG"), "16,000 pixels a side"),
    "taller.png": (saved(plain((1, 30_000)), "PNG"), "16,000 pixels a side"),
    "huge.png": (png_header(60_000, 60_000), "too large"),
    "most.png": (png_header(2**31 - 1, 2**31 - 1), "too large"),
    "bomb.webp": (saved(plain((9_000, 9_000)), "WEBP"), "too large"),
    "png.jpg": (saved(plain(), "PNG"), "does not match the file format"),
    "jpeg.png": (saved(plain(), "JPEG"), "does not match the file format"),
    "html.png": (b"<html><script>alert(1)</script></html>", "cannot be read"),
    "picture.svg": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "cannot be read"),
    "svg.png": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "cannot be read"),
    "moving.gif": (animated("GIF"), "cannot be read"),
    "moving.png": (animated("PNG"), "does not match|[Ss]upported|animated|valid image"),
    "picture.tiff": (saved(plain(), "TIFF"), "cannot be read"),
    "picture.html": (saved(plain(), "PNG"), "[Ss]upported"),
    "empty.png": (b"", "empty"),
    "only-magic.png": (b"\x89PNG\r\n\x1a\n", "cannot be read"),
    "cut.jpg": (saved(Picture.effect_noise((640, 480), 80), "JPEG")[:8_000], "cannot be read"),
    "cut.png": (saved(Picture.effect_noise((640, 480), 80), "PNG")[:8_000], "cannot be read"),
    "no-rows.png": (png_header(64, 32), "cannot be read"),
}
