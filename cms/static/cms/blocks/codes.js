// Codes by type-ahead: what is typed into a code or its name is looked up in the code lists that are loaded; a choice
// fills terminology, code and name. Where no list has it, what was typed stays.
(() => {
  if (window.vettedCodes) return;
  window.vettedCodes = true;
  const { url } = document.currentScript.dataset;
  const WAIT = 200;
  const NAMES = ['display', 'name'];
  let open = null;
  let timer = 0;
  let asked = 0;
  let choosing = false;

  // `codes-0-value-display`, `substances-0-value-name`, `body-2-value-items-0-value-codes-0-value-code` …
  const fieldsOf = (input) => {
    const [, start, part] = /^(.+-value-)(display|name|code)$/.exec(input.name || '') || [];
    const field = (name) => document.getElementsByName(start + name)[0];
    const name = part && NAMES.map(field).find(Boolean);
    return name && field('system') && field('code') ? { name, system: field('system'), code: field('code') } : null;
  };
  const put = (field, value) => {
    field.value = value;
    for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, { bubbles: true }));
  };

  const close = () => {
    if (!open) return;
    open.list.remove();
    open.input.setAttribute('aria-expanded', 'false');
    open.input.removeAttribute('aria-activedescendant');
    open = null;
  };
  const choose = (row) => {
    const { input, fields } = open;
    close();
    choosing = true;
    put(fields.system, row.system);
    put(fields.code, row.code);
    put(fields.name, row.display);
    choosing = false;
    input.focus();
  };

  const option = (row, index, id) => {
    const item = document.createElement('li');
    item.id = `${id}-${index}`;
    item.setAttribute('role', 'option');
    item.setAttribute('aria-selected', 'false');
    item.textContent = row.display;
    const where = document.createElement('small');
    where.textContent = `${row.terminology} ${row.code}`;
    item.append(where);
    item.addEventListener('mousedown', (event) => { event.preventDefault(); choose(row); });
    return item;
  };
  const show = (input, fields, rows) => {
    close();
    if (!rows.length || document.activeElement !== input) return;
    const list = document.createElement('ul');
    list.id = `${input.id}-codes`;
    list.setAttribute('role', 'listbox');
    list.setAttribute('aria-label', 'Codes');
    list.append(...rows.map((row, index) => option(row, index, list.id)));
    input.parentElement.classList.add('vetted-codes');
    input.after(list);
    input.setAttribute('aria-controls', list.id);
    input.setAttribute('aria-expanded', 'true');
    open = { input, fields, rows, list, at: -1 };
  };
  const move = (step) => {
    const { list, rows, input } = open;
    list.children[open.at]?.setAttribute('aria-selected', 'false');
    open.at = (open.at + step + rows.length) % rows.length;
    const item = list.children[open.at];
    item.setAttribute('aria-selected', 'true');
    item.scrollIntoView({ block: 'nearest' });
    input.setAttribute('aria-activedescendant', item.id);
  };

  const ask = async (input, fields) => {
    const mine = ++asked;
    const query = new URLSearchParams({ q: input.value, system: fields.system.value });
    const answer = await fetch(`${url}?${query}`, { headers: { 'X-Requested-With': 'XMLHttpRequest' } }).catch(() => null);
    if (!answer?.ok) return;
    const { codes } = await answer.json();
    if (mine === asked) show(input, fields, codes);
  };

  document.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof HTMLInputElement) || !fieldsOf(target)) return;
    target.setAttribute('role', 'combobox');
    target.setAttribute('aria-autocomplete', 'list');
    target.setAttribute('aria-expanded', 'false');
    target.setAttribute('autocomplete', 'off');
  });
  document.addEventListener('input', ({ target }) => {
    const fields = !choosing && target instanceof HTMLInputElement && fieldsOf(target);
    if (!fields) return;
    clearTimeout(timer);
    if (target.value.trim().length < 2) { asked += 1; close(); return; }
    timer = setTimeout(() => ask(target, fields), WAIT);
  });
  document.addEventListener('focusout', ({ target }) => { if (open?.input === target) close(); });
  document.addEventListener('keydown', (event) => {
    if (!open || event.target !== open.input) return;
    const step = { ArrowDown: 1, ArrowUp: open.at < 0 ? 0 : -1 }[event.key];
    if (step !== undefined) move(step);
    else if (event.key === 'Enter' && open.at >= 0) choose(open.rows[open.at]);
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
})();
