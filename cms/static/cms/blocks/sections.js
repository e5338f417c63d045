// A long article opens with its sections closed: each shows its kind and heading. What somebody must see opens: a section
// with an error or a comment, and the one that a link leads to. Wagtail opens what the browser's search finds.
(() => {
  const { StreamBlockDefinition } = window.wagtailStreamField.blocks;
  const toggleOf = (panel) => panel.querySelector(':scope > .w-panel__header > [data-panel-toggle]');
  const isOpen = (toggle) => toggle.getAttribute('aria-expanded') === 'true';
  const put = (toggle, open) => { if (toggle && isOpen(toggle) !== open) toggle.click(); };

  // Opens every panel around the place, the outermost first.
  const reveal = (place) => {
    const panels = [];
    for (let at = place.closest('[data-panel]'); at; at = at.parentElement.closest('[data-panel]')) panels.unshift(at);
    panels.forEach((panel) => put(toggleOf(panel), true));
  };

  // As findings say it: `body/<id>/findings/0/statement`, numbers being places in a list. As deep as the form has it.
  const placeOf = (path) => path.split('/').reduce((around, part) => {
    const items = /^\d+$/.test(part) && [...around.querySelectorAll('[data-streamfield-child]:not([aria-hidden="true"])')]
      .filter((each) => each.parentElement.closest('[data-contentpath]') === around);
    const found = items ? items[part] : around.querySelector(`[data-contentpath="${CSS.escape(part)}"]`);
    return found || around;
  }, document.body);

  // The fragment of a link, `#block-<id>-section`, or one of Wagtail's, `#:w:contentpath=body.<id>.text`.
  const placeNamed = (fragment) => {
    const path = fragment.split(':w:contentpath=')[1];
    return path ? placeOf(decodeURIComponent(path).split('&')[0].replaceAll('.', '/')) : document.getElementById(fragment.slice(1));
  };

  const FIELDS = '[contenteditable=true], textarea, select, input:not([type=hidden]), .vetted-cited button';
  // Wagtail shows a tab at once, and hides the other a moment later.
  const isAlone = (tab) => [...tab.parentElement.children].every((each) => each.role !== 'tabpanel' || each.hidden === (each !== tab));
  const go = (place, focuses) => {
    const tab = place.closest('[role="tabpanel"]');
    if (tab?.hidden) document.querySelector(`[role="tab"][href="#${tab.id}"]`)?.click();
    if (tab && !isAlone(tab)) {
      requestAnimationFrame(() => go(place, focuses));
      return;
    }
    reveal(place);
    place.scrollIntoView({ behavior: 'instant' }); // a smooth way there ends where the focus moves
    const field = focuses && [...place.querySelectorAll(FIELDS)].find((each) => each.checkVisibility());
    field?.focus({ preventScroll: true });
  };
  const goToFragment = () => {
    const place = window.location.hash.length > 1 && placeNamed(window.location.hash);
    if (place && place !== document.body) go(place, false);
  };

  const controls = (stream) => {
    const row = document.createElement('p');
    row.className = 'vetted-sections';
    for (const [words, open] of [['Expand all sections', true], ['Collapse all sections', false]]) {
      const button = Object.assign(document.createElement('button'), { type: 'button', className: 'button button-small button-secondary', textContent: words });
      button.addEventListener('click', () => stream.children.forEach((child) => put(child.toggleElement, open)));
      row.append(button);
    }
    return row;
  };

  const commented = () => {
    const { comments = [] } = JSON.parse(document.getElementById('comments-data')?.textContent || '{}');
    return new Set(comments.map(({ contentpath }) => contentpath.split('.')[1]));
  };

  window.telepath.register('vetted.ArticleBody', class extends StreamBlockDefinition {
    render(placeholder, prefix, initialState, initialError) {
      this.meta.collapsed = initialState.length > this.meta.mostOpen;
      const stream = super.render(placeholder, prefix, initialState, initialError);
      const withComments = this.meta.collapsed ? commented() : new Set();
      stream.children.filter(({ id }) => withComments.has(id)).forEach((child) => put(child.toggleElement, true));
      stream.container[0].before(controls(stream));
      return stream;
    }
  });

  window.addEventListener('load', goToFragment);
  window.addEventListener('hashchange', goToFragment);
  // A link to the place where one is already, and the field of a finding.
  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('a[href*="#block-"], a[href*="#panel-"]');
    const place = link && (link.dataset.path ? placeOf(link.dataset.path) : placeNamed(link.hash));
    if (!place || place === document.body || link.pathname !== window.location.pathname || link.closest('.w-panel__header, .w-minimap')) return;
    event.preventDefault();
    window.history.replaceState(null, '', link.hash);
    go(place, true);
  });
})();
