// The citations of a claim in a list: their names and numbers, and the dialog to change them. Wagtail's own list is
// behind it and holds what is sent; it shows itself where it has an error, or where this fails.
(() => {
  const { cite, element, labelOf, labelsOf, said } = window.vettedCiting;
  const { ListBlockDefinition } = window.wagtailStreamField.blocks;

  // Wagtail keeps the choice of a select as a list.
  const rowsOf = (block) => block.getState().map(({ id, value: { source, support, ...own } }) => (
    { source: source ? String(source.id) : '', chosen: source, id, support: String(support || ''), ...own }
  ));

  // As Wagtail's chooser keeps a choice; `chosen` is what was there before.
  const stateOf = ({ source, chosen, id, support, ...own }) => {
    const kept = chosen && String(chosen.id) === source ? chosen : { id: source, string: labelOf(source).reference };
    return { id, value: { ...own, support: [support], source: source ? kept : null } };
  };

  const hasErrors = (error) => Boolean(error && (error.messages?.length || Object.keys(error.blockErrors || {}).length));

  const enter = (block, error, type) => {
    const [list] = block.container;
    const box = element('div', { className: 'vetted-cited' });
    list.before(box);

    const change = (at) => cite(rowsOf(block), at, type, (rows) => {
      if (rows) block.setState(rows.map(stateOf));
      draw();
      (box.querySelectorAll('button')[at] || box.querySelector('button')).focus();
    });

    const button = (words, at, more) => {
      const made = element('button', { type: 'button', textContent: words, ...more });
      made.addEventListener('click', () => change(at));
      return made;
    };

    const itemOf = (row, at) => {
      const words = said(row, type.supports);
      const chip = button('', at, { className: 'vetted-citation' });
      if (row.source) chip.dataset.cites = row.source;
      const name = () => {
        const { short, reference } = labelOf(row.source);
        Object.assign(chip, { textContent: short, title: `${reference}, ${words}\nClick to change.` });
      };
      name();
      labelsOf([row.source]).then(name);
      return element('li', {}, chip, ` ${words}`);
    };

    const draw = () => {
      const rows = rowsOf(block);
      const words = rows.length ? 'Add a source' : 'Cite a source';
      const more = button(words, rows.length, { className: 'button button-small button-secondary' });
      box.replaceChildren(...(rows.length ? [element('ul', {}, ...rows.map(itemOf))] : []), more);
    };

    const { setError, setState } = block;
    block.setError = (given) => {
      setError.call(block, given);
      list.hidden = !hasErrors(given);
    };
    block.setState = (given) => {
      setState.call(block, given);
      draw();
    };
    list.hidden = !hasErrors(error);
    draw();
  };

  window.telepath.register('vetted.CitationList', class extends ListBlockDefinition {
    render(placeholder, prefix, initialState, initialError) {
      const block = super.render(placeholder, prefix, initialState, initialError);
      try { enter(block, initialError, this.meta.citing); } catch (error) {
        console.error(error);
        block.container[0].hidden = false;
      }
      return block;
    }
  });
})();
