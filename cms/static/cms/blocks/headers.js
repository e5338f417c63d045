// The header of a block or list item follows its name while somebody types. Wagtail writes it when the panel is toggled.
(() => {
  if (window.vettedHeaders) return;
  window.vettedHeaders = true;
  const follow = ({ target }) => {
    const child = target.closest?.('[data-streamfield-child]');
    child?.querySelector(':scope > section > .w-panel__header > [data-panel-toggle]')?.dispatchEvent(new Event('wagtail:panel-toggle'));
  };
  document.addEventListener('input', follow);
  document.addEventListener('change', follow);
})();
