// Comments on selected words: a button stands at the selection, and opens the form. What has comments is marked.
const text = document.querySelector(".review-text .article");
const opener = document.querySelector("[data-comment-open]");
const dialog = document.querySelector("[data-comment-dialog]");

const hidden = (node) => node.parentElement.closest("sup.citation, .rests");
function textNodes(within) {
  const walker = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) if (!hidden(walker.currentNode)) found.push(walker.currentNode);
  return found;
}

// The selected words, one section's only, without the numbers of citations.
function selected() {
  const selection = document.getSelection();
  if (!text || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  if (!text.contains(range.commonAncestorContainer)) return null;
  const sections = new Set();
  const words = [];
  for (const node of textNodes(text)) {
    if (!range.intersectsNode(node)) continue;
    const start = node === range.startContainer ? range.startOffset : 0;
    const part = node.data.slice(start, node === range.endContainer ? range.endOffset : undefined);
    if (!part.trim()) continue;
    words.push(part);
    sections.add(node.parentElement.closest(".section")?.id.replace("section-", "") ?? "");
  }
  const said = words.join(" ").replace(/\s+/g, " ").trim();
  return said && sections.size === 1 ? { section: [...sections][0], words: said, range } : null;
}

let chosen = null;
function follow() {
  if (dialog.open) return;
  chosen = selected();
  opener.hidden = !chosen;
  if (!chosen) return;
  const at = chosen.range.getBoundingClientRect();
  opener.style.top = `${at.bottom + scrollY + 10}px`;
  opener.style.left = `${Math.max(8, Math.min(at.left, innerWidth - opener.offsetWidth - 8))}px`;
}

function open() {
  if (!chosen) return;
  const form = dialog.querySelector("form");
  form.elements.section.value = chosen.section;
  form.elements.words.value = chosen.words;
  dialog.querySelector("[data-comment-quote]").textContent = chosen.words;
  opener.hidden = true;
  dialog.showModal();
  form.elements.text.focus();
}

if (dialog && text) {
  document.addEventListener("selectionchange", follow);
  opener.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the selection
  opener.addEventListener("click", open);
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || !event.altKey || event.code !== "KeyM" || dialog.open) return;
    follow();
    if (!chosen) return;
    event.preventDefault();
    open();
  });
  dialog.querySelector("[data-comment-close]").addEventListener("click", () => dialog.close());
}

// Marks the words of open comments where they stand now. White space does not count.
const marked = [];
for (const comment of document.querySelectorAll(".read [data-words]")) {
  const letters = [];
  for (const node of textNodes(comment.closest(".read").querySelector(".section")))
    for (let at = 0; at < node.data.length; at += 1) if (node.data[at].trim()) letters.push([node, at]);
  const words = comment.dataset.words.replace(/\s+/g, "");
  const start = letters.map(([node, at]) => node.data[at]).join("").indexOf(words);
  if (start < 0) continue;
  const range = new Range();
  range.setStart(...letters[start]);
  const [node, last] = letters[start + words.length - 1];
  range.setEnd(node, last + 1);
  marked.push(range);
}
if (marked.length && globalThis.Highlight) CSS.highlights.set("commented", new Highlight(...marked));
