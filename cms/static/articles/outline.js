// The outline closes once it has led somewhere, and by Escape.
const outline = document.querySelector(".outline details");
outline?.addEventListener("click", (event) => {
  if (event.target.closest("a")) outline.open = false;
});
outline?.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  outline.open = false;
  outline.querySelector("summary").focus();
});
