// A picture that somebody chooses brings its alternative text and credit from the image library.
(() => {
  if (window.vettedPictureWords) return;
  window.vettedPictureWords = true;
  const url = document.currentScript.dataset.url;
  // `hero` has `hero_alt` beside it; `body-0-value-figure-image` has `body-0-value-figure-alt`.
  const fieldOf = (name, word) =>
    document.getElementsByName(name.endsWith('-image') ? name.replace(/image$/, word) : `${name}_${word}`)[0];
  const bring = async (input) => {
    const answer = await fetch(url.replace('/0/', `/${input.value}/`));
    if (!answer.ok) return;
    for (const [word, text] of Object.entries(await answer.json())) {
      const field = fieldOf(input.name, word);
      field.value = text;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }
  };
  const known = new WeakSet();
  document.addEventListener('click', ({ target }) => {
    const widget = target.closest?.('[data-chooser-action-choose]')?.closest('.chooser')?.widget;
    if (!widget || known.has(widget) || !fieldOf(widget.input.name, 'alt')) return;
    known.add(widget);
    widget.addEventListener('chosen', () => bring(widget.input));
  }, true);
})();
