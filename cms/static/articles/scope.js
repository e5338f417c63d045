// The checklist belongs to a signature on the whole text: it is shown and required with that choice only.
for (const form of document.querySelectorAll(".card-sign form")) {
  const [scopes, list] = [form.elements.scope, form.querySelector(".of-whole")];
  if (!scopes || !list) continue;
  const choose = () => {
    list.hidden = scopes.value !== "whole";
    list.querySelector("[name=checklist]").required = !list.hidden;
  };
  form.addEventListener("change", choose);
  choose();
}
