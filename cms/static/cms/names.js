// Gives names where Wagtail gives none: each cell of a list has the heading of its column, which admin.css shows on a
// phone; a rich text field and an item of a list of texts have the label that stands above them, a dialog its title. And
// the focus a way back.
const nameCells = () => {
  for (const list of document.querySelectorAll("table.listing")) {
    const heads = [...list.querySelectorAll("thead tr:last-child > th")].map((head) => head.textContent.trim());
    for (const row of list.querySelectorAll("tbody tr")) {
      for (const [at, cell] of [...row.children].entries()) {
        if (heads[at] && cell.matches("td:not([data-label])")) cell.dataset.label = heads[at];
        cell.classList.toggle("vetted-empty", !cell.textContent.trim() && !cell.querySelector("input, img, a, button"));
      }
    }
    for (const head of list.querySelectorAll("th")) {
      if (!head.textContent.trim()) head.innerHTML = '<span class="w-sr-only">More</span>';
    }
  }
};

const nameDialogs = () => {
  for (const dialog of document.querySelectorAll(".modal")) {
    const title = dialog.querySelector(":is(h1, h2)")?.textContent.trim();
    if (title) dialog.ariaLabel = title;
  }
};

const labelAbove = (field) => {
  for (let around = field.parentElement; around; around = around.parentElement) {
    const label = around.querySelector(":scope > label")?.textContent.replace("*", "").trim();
    if (label) return label;
  }
  return "";
};

// Each field is looked at once. `field.labels` would search the whole page for each of them.
const looked = new WeakSet();
const nameFields = () => {
  const nameless = "[contenteditable=true]:not([aria-label]), .w-panel input[type=text]:not([aria-label])";
  const fields = [...document.querySelectorAll(nameless)].filter((field) => !looked.has(field));
  if (fields.length) {
    const labelled = new Set([...document.querySelectorAll("label[for]")].map((label) => label.htmlFor));
    for (const field of fields) {
      looked.add(field);
      const label = labelled.has(field.id) || field.closest("label") ? "" : labelAbove(field);
      if (label) field.setAttribute("aria-label", label);
    }
  }
  document.querySelector(".w-minimap__list")?.setAttribute("tabindex", "0"); // it scrolls
};

const NAMED = "table.listing, h1, [contenteditable=true], .w-panel, .w-minimap__list";
const isNamed = (node) => node.nodeType === Node.ELEMENT_NODE && (node.matches(NAMED) || node.querySelector(NAMED));
const name = () => {
  nameCells();
  nameFields();
  nameDialogs();
};
// A menu that is left by Escape gives the focus back to the button that opened it; on a phone Wagtail would give it to the
// button of the sidebar.
let escapedAt = -Infinity;
const escaped = ({ key }) => {
  if (key === "Escape") escapedAt = performance.now();
};
document.addEventListener("keydown", escaped, true);
document.addEventListener("w-dropdown:hide", ({ target }) => {
  const button = target.querySelector("[data-w-dropdown-target=toggle]");
  if (performance.now() - escapedAt < 1000) setTimeout(() => button?.focus(), 300);
});

document.addEventListener("DOMContentLoaded", () => {
  let timer = 0;
  name();
  new MutationObserver((changes) => {
    if (timer || !changes.some((change) => [...change.addedNodes].some(isNamed))) return;
    timer = setTimeout(() => {
      timer = 0;
      name();
    });
  }).observe(document.body, { childList: true, subtree: true });
});
