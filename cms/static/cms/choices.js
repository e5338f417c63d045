// Adds “Select all” and “Select none” to long lists of ticks.
for (const list of document.querySelectorAll("[data-choice]")) {
  const ticks = list.querySelectorAll("input[type=checkbox]");
  if (ticks.length < 3) continue;
  const row = document.createElement("p");
  for (const [label, checked] of [["Select all", true], ["Select none", false]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-small button-secondary";
    button.textContent = label;
    button.addEventListener("click", () => ticks.forEach((tick) => { tick.checked = checked; }));
    row.append(button, " ");
  }
  list.querySelector("legend").after(row);
}
