// Says how many texts will be signed with these ticks: those all of whose differences are ticked.
(() => {
  const form = document.querySelector("[data-several]");
  const said = form && form.querySelector("[data-count]");
  if (!said) return;
  const all = Number(said.dataset.all);
  const count = () => {
    const lacking = new Set();
    for (const tick of form.querySelectorAll("input[data-texts]")) {
      if (!tick.checked) tick.dataset.texts.split(" ").forEach((text) => lacking.add(text));
    }
    said.textContent = `With these ticks you sign ${all - lacking.size} of ${all} texts.`;
  };
  form.addEventListener("change", count);
  count();
})();
