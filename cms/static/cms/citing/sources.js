// What the editor calls the sources that are cited, and which numbers readers will get. Used by the others here.
(() => {
  if (window.vettedCiting) return;

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  // {id: {kept, short, reference}}, each asked for once; all that are asked for in one turn go in one request. `kept` is
  // the record that stands for this one, if the two were merged.
  const LABELS = `${window.wagtailConfig.ADMIN_URLS.PAGES}../sources/labels/`;
  const MOST = 200;
  const GONE = { kept: '', short: 'missing source', reference: 'A source that is no longer in the library' };
  const labels = new Map();
  let wanted = new Set();
  let asking = null;

  const ask = async (ids) => {
    const answer = await fetch(`${LABELS}?ids=${ids.join(',')}`).catch(() => null);
    const found = answer?.ok ? await answer.json().catch(() => null) : null;
    if (found) ids.forEach((id) => labels.set(id, found[id] || GONE));
  };
  const labelsOf = (ids) => {
    ids.filter((id) => id && !labels.has(id)).forEach((id) => wanted.add(id));
    if (!wanted.size) return asking || Promise.resolve();
    asking = Promise.all([asking, Promise.resolve().then(async () => {
      const all = [...wanted];
      wanted = new Set();
      for (let at = 0; at < all.length; at += MOST) await ask(all.slice(at, at + MOST));
      number();
    })]);
    return asking;
  };
  const labelOf = (id) => labels.get(id) || { kept: id, short: id ? `source ${id}` : 'no source', reference: id ? `Source ${id}` : 'No source is chosen' };

  // As rendering does it: by first appearance in the order of the page, one number for each source. Whatever names
  // sources carries their ids in `data-cites`, and gets its numbers in `data-number`.
  const number = () => {
    const numbers = new Map();
    for (const at of document.querySelectorAll('[data-cites]')) {
      const isDeleted = at.closest('[data-streamfield-child][aria-hidden="true"]');
      const kept = isDeleted ? [] : at.dataset.cites.split(',').map((id) => labelOf(id).kept).filter(Boolean);
      kept.forEach((id) => numbers.has(id) || numbers.set(id, numbers.size + 1));
      const said = kept.map((id) => numbers.get(id)).join(', ');
      if (at.dataset.number !== said) at.dataset.number = said;
    }
  };
  let timer = null;
  const isCitation = (node) => node.nodeType === Node.ELEMENT_NODE && (node.matches('[data-cites]') || node.querySelector('[data-cites]'));
  const concerns = ({ type, target, addedNodes, removedNodes }) => (type === 'attributes'
    ? isCitation(target) : [...addedNodes, ...removedNodes].some(isCitation));
  new MutationObserver((changes) => {
    if (!changes.some(concerns)) return;
    clearTimeout(timer);
    timer = setTimeout(number, 50);
  }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ['aria-hidden', 'data-cites'] });

  // What is said of a source, in one line.
  const said = ({ support, locator, quote }, supports = []) => {
    const label = supports.find(([value]) => value === support)?.[1] || `support: ${support}`;
    return [support ? label : 'support not stated', locator, quote && `“${quote}”`].filter(Boolean).join(', ');
  };

  window.vettedCiting = { element, labelOf, labelsOf, said };
})();
