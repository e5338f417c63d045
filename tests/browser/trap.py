"""A browser context that notices whatever runs: script that calls out, dialogs, requests that leave the house.

`structure(page, where)` looks at what is there besides: elements, attributes and schemes that nothing of ours makes.
"""

# ruff: noqa: E501 - tables of hostile strings: one case a line reads better than a wrapped one

# Called before any script of a page, in every frame; what it replaces cannot be reached by the page any more.
SPRINGS = """
(() => {
  const tell = window.sprung;
  for (const name of ['alert', 'confirm', 'prompt', 'print', 'open', 'eval', 'postMessage']) {
    const before = window[name];
    window[name] = function (...given) {
      if (name === 'postMessage' || name === 'eval') {
        if (!String(given[0]).includes('alert')) return before.apply(window, given);
      }
      tell(`${name}(${String(given[0]).slice(0, 60)}) in ${location.href}`);
    };
  }
})();
"""
FOUND = """
(root, allowed) => {
  const bad = [];
  for (const element of root.querySelectorAll('*')) {
    if (element.closest("wagtail-inline-userbar")) continue; // what the preview's accessibility checker adds
    const tag = element.localName;
    if (!allowed.tags.includes(tag)) bad.push(`<${tag}>`);
    for (const { name, value } of element.attributes) {
      if (!allowed.attributes.includes(name)) bad.push(`<${tag} ${name}="${value.slice(0, 40)}">`);
    }
    if (element.href !== undefined && !allowed.protocols.includes(element.protocol)) bad.push(`href ${element.href}`);
    for (const event of ['mouseover', 'focus', 'load', 'error', 'toggle', 'pointerenter', 'animationstart']) {
      element.dispatchEvent(new Event(event));
    }
  }
  return [...new Set(bad)];
}
"""
ALLOWED = {
    "tags": ["blockquote", "section", "h1", "h2", "h3", "h4", "p", "ul", "ol", "li", "strong", "em", "sub", "sup", "a", "br", "dl", "dt", "dd", "code", "article", "figure", "figcaption", "small", "picture", "source", "img", "table", "caption", "tbody", "tr", "th", "td", "aside", "div", "header", "footer", "nav"],
    "attributes": (
        ["class", "role", "id", "href", "rel", "src", "srcset", "sizes", "alt", "width", "height", "loading", "scope", "lang", "aria-label", "type"]
    ),
    "protocols": ["https:", "http:", "mailto:", "tel:"],
}  # fmt: skip


class Trap:
    """What sprang, and what left, in one context."""

    def __init__(self, context, home: str) -> None:
        self.home, self.sprung = home, []
        context.expose_function("sprung", lambda what: self.sprung.append(what))
        context.add_init_script(SPRINGS)
        context.on("request", self._watch)
        context.on("dialog", self._dismiss)

    def _watch(self, request) -> None:
        if not request.url.startswith((self.home, "data:", "blob:", "about:")):
            self.sprung.append(f"asked for {request.url[:80]}")

    def _dismiss(self, dialog) -> None:
        """The admin's own question about unsaved changes is none."""
        if dialog.type == "beforeunload":
            dialog.accept()
            return
        self.sprung.append(f"dialog {dialog.message[:60]}")
        dialog.dismiss()


def structure(page, where: str) -> list[str]:
    """Elements, attributes and link schemes inside `where` that no renderer of ours writes; touches each element."""
    return page.locator(where).first.evaluate(FOUND, ALLOWED)
