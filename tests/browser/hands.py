"""What a person's hands do on a page, counted: opening, typing into a field, ticking and pressing are one action each.

Typing that ends with Enter is one: the hand does not leave the field.
"""


class Hands:
    """Acts on one page; `actions` are those so far. Reading and scrolling are none."""

    def __init__(self, page) -> None:
        self.page, self.actions = page, []

    def open(self, link: str) -> None:
        self.actions.append(f"open {link}")
        self.page.goto(link)

    def type(self, selector: str, words: str, *, enter: bool = False) -> None:
        self.actions.append(f"type into {selector}")
        self.page.locator(selector).press_sequentially(words)
        if enter:
            self.page.keyboard.press("Enter")

    def tick(self, selector: str) -> None:
        self.actions.append(f"tick {selector}")
        self.page.locator(selector).check()


def tab_to(page, selector: str, *, most: int = 40) -> None:
    """Press Tab until the element has the focus, seen to have it. Fails after `most`."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.locator(f":focus:is({selector})")
        if focused.count():
            assert focused.evaluate("at => at.matches(':focus-visible')")
            return
    raise AssertionError(f"{most} times Tab do not lead to {selector}")
