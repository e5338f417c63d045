// Says at each section what belongs into it in an article of this type, and shows an example in an empty heading.
(() => {
  if (window.vettedSectionHelp) return;
  window.vettedSectionHelp = true;
  const said = JSON.parse(document.getElementById('vetted-section-help').textContent);

  const helpOf = (kind, aspect) => {
    const key = [kind, aspect].filter(Boolean).join('/');
    const type = document.getElementById('id_article_type')?.value;
    return said[type]?.[key] || said.every[key] || { heading: '', help: '' };
  };

  // Looks inside the section only: a search of the whole page for each section takes seconds in a long article.
  const show = (section) => {
    const inside = (name) => section.querySelector(`[name^="body-"][name$="${name}"]`);
    const heading = inside('-value-heading');
    if (!heading) return;
    const aspect = heading.closest('[data-contentpath]').parentElement.querySelector(':scope > [data-contentpath="aspect"] select');
    const found = helpOf(inside('-type').value.replace('_', '-'), aspect?.value);
    heading.placeholder = found.heading || '';
    const fields = heading.closest('[data-contentpath]')?.parentElement;
    let line = fields?.querySelector(':scope > .vetted-section-help');
    if (fields && !line) {
      line = Object.assign(document.createElement('p'), { className: 'vetted-section-help' });
      fields.prepend(line);
    }
    if (line && line.textContent !== found.help) line.textContent = found.help;
    if (line) line.hidden = !found.help;
  };

  const SECTIONS = '#body-root > [data-streamfield-stream-container] > [data-streamfield-child]';
  const showAll = () => document.querySelectorAll(SECTIONS).forEach(show);
  const change = ({ target }) => {
    if (target.id === 'id_article_type') showAll();
    else if (target.name?.endsWith('-value-aspect')) show(target.closest(SECTIONS));
  };
  // The field of the title is hidden until Wagtail shows its tab, so the browser cannot focus it by itself.
  const begin = () => {
    const sections = document.querySelector('#body-root > [data-streamfield-stream-container]');
    if (!sections) return;
    new MutationObserver(showAll).observe(sections, { childList: true });
    document.addEventListener('change', change);
    showAll();
    document.querySelector('#id_title[autofocus]')?.focus();
  };
  window.addEventListener('load', begin);
})();
