"""A process of its own that reads the QR codes in one picture: a picture may break whatever opens it.

On standard input the bytes of the picture, on standard output a JSON list of what its codes say. It knows nothing of
the rest of the house, and dies of too much memory or time instead of the server.
"""

from __future__ import annotations

import io
import json
import resource
import sys

MOST_PIXELS, MOST_MEMORY, MOST_SECONDS = 40_000_000, 2 * 1024**3, 8
LONGEST_SIDE = 3000


def main() -> None:
    """Reads, says, ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    import zxingcpp
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    opened = Image.open(io.BytesIO(sys.stdin.buffer.read()), formats=("PNG", "JPEG", "WEBP", "GIF"))
    opened.draft("L", (LONGEST_SIDE, LONGEST_SIDE))
    picture = ImageOps.exif_transpose(opened).convert("L")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    codes = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]))
    json.dump([code.text for code in codes], sys.stdout)


if __name__ == "__main__":
    main()
