"""Pictures from strangers, of which some are none, and what a page that holds the key must not do with them."""

import io

from PIL import Image
from playwright.sync_api import Page, expect

from .desk import picture

# What a page that holds the key must never do with a stranger's file. Counted before its program runs;
# the frame of pictures is another document, and counts for itself.
COUNTED = """
    window.decoded = [];
    const count = (of, name) => {
        const was = of[name];
        of[name] = function (...given) { window.decoded.push(name); return was.apply(this, given); };
    };
    count(window, "createImageBitmap");
    count(window, "fetch");
    count(HTMLImageElement.prototype, "decode");
    window.Image = new Proxy(Image, { construct() { window.decoded.push("Image"); } });
    const shows = "img[src^='blob:'], img[src^='data:'], object, embed, video";
    new MutationObserver((changes) => {
        for (const { addedNodes } of changes) for (const node of addedNodes)
            if (node.matches?.(shows) || node.querySelector?.(shows))
                window.decoded.push(node.tagName);
    }).observe(document, { childList: true, subtree: true });
"""
HOSTILE = b"<svg xmlns='http://www.w3.org/2000/svg' onload='parent.hostile = 1'><script>parent.hostile = 1"
HOSTILE += b"</script><image href='https://example.org/x'/></svg>"
# By name, and what is said of it.
NO_PICTURES = {
    "falsk.jpg": (
        b"<html><script>parent.hostile = 1</script>",
        "Filen är ingen JPEG-, PNG-, GIF- eller",
    ),
    "ritning.gif": (HOSTILE, "Filen är ingen JPEG-, PNG-, GIF- eller WebP-bild"),
    "trasig.gif": (b"GIF89a" + bytes(50), "Bilden går inte att visa."),
    "dubbel.gif": (b"GIF89a/*" + HOSTILE, "Bilden går inte att visa."),
    "dubbel.png": (b"\x89PNG\r\n\x1a\n" + HOSTILE, "Bilden går inte att visa."),
}


def pictures() -> list[tuple[str, str, bytes]]:
    large = io.BytesIO()
    Image.new("RGB", (1500, 3000), "#ffffff").save(large, "JPEG")
    return [
        ("bild.png", "image/png", picture()),
        ("stor.jpg", "image/jpeg", large.getvalue()),
        *((name, "image/gif", content) for name, (content, _words) in NO_PICTURES.items()),
    ]


def shown_pictures(page: Page) -> None:
    """Shows every picture of an open tip: pixels of those that are, a word of those that are not."""
    row = page.locator(".desk-files__file")
    for name, (_content, words) in NO_PICTURES.items():
        page.get_by_role("button", name=f"Visa bilden ({name})").click()
        expect(row.filter(has_text=name)).to_contain_text(words)
    page.get_by_role("button", name="Visa bilden (bild.png)").click()
    image = page.get_by_role("img", name="Bild som följde med tipset: bild.png")
    expect(image).to_be_visible()
    assert image.evaluate("(it) => [it.tagName, it.width, it.height]") == ["CANVAS", 320, 200]
    pixel = "(it) => [...it.getContext('2d').getImageData(160, 100, 1, 1).data]"
    assert image.evaluate(pixel) == [0x11, 0x31, 0x58, 255]
    page.get_by_role("button", name="Visa bilden (stor.jpg)").click()
    large = page.get_by_role("img", name="Bild som följde med tipset: stor.jpg")
    expect(large).to_be_visible()
    assert large.evaluate("(it) => [it.width, it.height]") == [1024, 2048]
    assert page.locator("iframe").count() == 0
    assert [name for name in page.evaluate("decoded") if name != "fetch"] == []
    assert page.evaluate("window.hostile") is None
    page.get_by_role("button", name="Dölj bilden (bild.png)").click()
    expect(image).to_have_count(0)
