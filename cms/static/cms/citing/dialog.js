// The dialog of citations: which sources carry the claim, and how, where and in which words each of them does.
// The same for running text (text.js) and for the lists of items (list.js).
(() => {
  const { element, labelOf, labelsOf } = window.vettedCiting;

  // Asks in a dialog; calls `done` with the value of the button, "" if it was closed.
  const ask = (title, fields, actions, done) => {
    const buttons = [...actions, ['', 'Cancel']].map(([value, textContent], at) =>
      element('button', { type: 'submit', value, className: at ? 'button button-secondary' : 'button', textContent }));
    const dialog = element('dialog', { className: 'vetted-dialog', ariaLabel: title },
      element('form', { method: 'dialog' }, element('h2', { textContent: title }), ...fields, element('div', {}, ...buttons)));
    dialog.addEventListener('close', () => {
      dialog.remove();
      done(dialog.returnValue);
    });
    document.body.append(dialog);
    dialog.showModal();
  };

  const choice = (name, options, chosen) => element('select', { name }, ...options.map(([value, label]) =>
    element('option', { value, textContent: label, selected: value === chosen })));

  // Wagtail's chooser of sources. Calls `done` with the id of the chosen one, null without a choice.
  const chooseSource = (url, done) => {
    let chosen = null;
    const end = () => done(chosen);
    window.jQuery(document.body).one('hidden.bs.modal', end);
    window.ModalWorkflow({
      url,
      urlParams: {},
      onload: new window.ChooserModalOnloadHandlerFactory({ chosenResponseName: 'chosen' }).getOnLoadHandlers(),
      responses: { chosen: ({ id }) => { chosen = String(id); } },
      onError: () => {
        window.jQuery(document.body).off('hidden.bs.modal', end);
        ask('The library could not be opened', [element('p', { textContent: 'Nothing was changed. Try again in a moment.' })], [], end);
      },
    });
  };

  // The saved article in the editor, 0 while there is none.
  const article = () => Number(window.location.pathname.match(/\/pages\/(\d+)\/edit\//)?.[1] || 0);

  // The fields of one source, under its name. What is typed goes into the row; `act` closes the dialog for a button.
  const fieldsOf = (row, { supports, longest }, act) => {
    const kept = (name, field) => {
      field.addEventListener('input', () => { row[name] = field.value; });
      return field;
    };
    const button = (words, name) => {
      const made = element('button', { type: 'button', className: 'button button-secondary button-small', textContent: words });
      made.addEventListener('click', () => act(name));
      return made;
    };
    return element('fieldset', {},
      element('legend', { textContent: labelOf(row.source).reference }),
      element('label', {}, 'How it supports the claim', kept('support', choice('support', [['', 'Not stated'], ...supports], row.support))),
      element('label', {}, 'Where in the source, for example p. 3', kept('locator', element('input', { name: 'locator', type: 'text', maxLength: longest.locator, value: row.locator }))),
      element('label', {}, 'The sentence in the source that supports it', kept('quote', element('textarea', { name: 'quote', rows: 3, maxLength: longest.quote, value: row.quote }))),
      element('div', {},
        button(row.source ? 'Choose another source' : 'Choose a source', 'change'),
        ...(row.source && article() ? [button('Replace everywhere in this article', 'replace')] : []),
        button('Remove this source', 'remove')));
  };

  // Asks about each row. Calls `done(answer, at)`: save, add (another source), or change or replace (that of the row).
  const askAbout = (rows, type, focused, done) => {
    let place = 0;
    const groups = rows.map((row) => {
      const group = fieldsOf(row, type, (name) => {
        if (name !== 'remove') {
          place = rows.indexOf(row);
          group.closest('dialog').close(name);
          return;
        }
        const next = (group.nextElementSibling || group.previousElementSibling)?.querySelector('select, button');
        rows.splice(rows.indexOf(row), 1);
        group.remove();
        next?.focus();
      });
      return group;
    });
    groups[focused]?.querySelector('select').setAttribute('autofocus', '');
    ask('Citation', groups, [['save', 'Save'], ['add', 'Add a source']], (answer) => done(answer, place));
  };

  // Once the draft is saved, to the page that replaces the source. Wagtail asks before it leaves what is not saved.
  const replaceEverywhere = async (source) => {
    const saved = new Promise((resolve) => {
      document.addEventListener('w-autosave:success', resolve, { once: true });
      setTimeout(resolve, 10000);
    });
    const edited = { cancelable: true, detail: { type: 'edits' } }; // Wagtail notices by itself only now and then
    document.querySelector('[data-edit-form]')?.dispatchEvent(new CustomEvent('w-unsaved:add', edited));
    await saved;
    window.location.assign(`${window.wagtailConfig.ADMIN_URLS.PAGES}../articles/${article()}/replace-source/?source=${labelOf(source).kept}`);
  };

  // Asks what to cite. `given` are rows {source, support, locator, quote, …}; it begins with the dialog at the row `at`,
  // or, where there is none, with the chooser. Calls `done` with the rows that there are now, null if all stays. Where
  // nothing was cited before, what was chosen stays, though nothing is said of it yet.
  const cite = (given, at, type, done) => {
    const rows = given.map((row) => ({ ...row }));
    let isAsked = false;
    const choose = (place) => chooseSource(type.chooserUrl, (id) => {
      const there = rows.findIndex(({ source }) => source === id);
      if (id && there < 0) rows[place] = { support: '', locator: '', quote: '', ...rows[place], source: id };
      if (id || isAsked) tell(there < 0 ? Math.min(place, rows.length - 1) : there);
      else done(null);
    });
    const tell = async (focused) => {
      isAsked = true;
      await labelsOf(rows.map(({ source }) => source));
      askAbout(rows, type, focused, (answer, place) => {
        if (answer === 'add') choose(rows.length);
        else if (answer === 'change') choose(place);
        else done(answer || (rows.length && !given.length) ? rows : null);
        if (answer === 'replace') replaceEverywhere(rows[place].source);
      });
    };
    if (at < rows.length) tell(at);
    else choose(at);
  };

  Object.assign(window.vettedCiting, { ask, choice, cite });
})();
