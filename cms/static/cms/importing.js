// Import: files can be dropped on the field, their names are listed before they are sent, and the progress bar moves.
// Without this script the field, the form and the page's Refresh link do the same.
(() => {
  const MOST_FILES = 100;
  const EVERY_MS = 2000;
  const MB = 1024 * 1024;
  const MOST = { docx: 30, xml: 200, wxr: 200, json: 200 };
  const mostOf = (name) => MOST[name.split('.').pop().toLowerCase()] || 5;

  // What the server would refuse, said before the file travels.
  const said = (file) => {
    const most = mostOf(file.name);
    return file.size > most * MB ? `${file.name}: too large (${(file.size / MB).toFixed(1)} MB; at most ${most} MB)` : file.name;
  };

  const list = (zone, input) => {
    const names = zone.querySelector('.vetted-drop-names');
    const files = [...input.files];
    const lines = files.slice(0, 12).map(said);
    if (files.length > 12) lines.push(`and ${files.length - 12} more`);
    if (files.length > MOST_FILES) lines.unshift(`Choose at most ${MOST_FILES} files at once. You can add more to the import later.`);
    names.replaceChildren(...lines.map((line) => Object.assign(document.createElement('li'), { textContent: line })));
  };

  for (const zone of document.querySelectorAll('[data-vetted-drop]')) {
    const input = zone.querySelector('input[type=file]');
    zone.querySelector('.vetted-drop-hint').hidden = false;
    input.addEventListener('change', () => list(zone, input));
    for (const name of ['dragenter', 'dragover']) {
      zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add('is-over'); });
    }
    for (const name of ['dragleave', 'drop']) zone.addEventListener(name, () => zone.classList.remove('is-over'));
    zone.addEventListener('drop', (event) => {
      event.preventDefault();
      const kept = new DataTransfer();
      for (const file of [...input.files, ...event.dataTransfer.files]) kept.items.add(file);
      input.files = kept.files;
      list(zone, input);
    });
  }

  for (const form of document.querySelectorAll('[data-vetted-upload]')) {
    form.addEventListener('submit', () => {
      const button = form.querySelector('button[type=submit]');
      button.textContent = 'Uploading…';
      button.setAttribute('aria-disabled', 'true');
    });
  }

  const at = document.querySelector('[data-vetted-progress]');
  if (!at) return;
  const bar = at.querySelector('progress');
  let told = -1;
  const look = async () => {
    const answer = await fetch(at.dataset.vettedProgress, { headers: { Accept: 'application/json' } }).catch(() => null);
    const now = answer && answer.ok ? await answer.json() : null;
    if (now) {
      bar.value = now.percent;
      at.querySelector('[data-label]').textContent = now.label;
      at.querySelector('[data-sentence]').textContent = now.sentence;
      if (Math.floor(now.percent / 25) !== told) {
        told = Math.floor(now.percent / 25);
        at.querySelector('[data-announce]').textContent = now.sentence;
      }
      if (!now.is_busy || now.is_stalled) { window.location.reload(); return; }
    }
    window.setTimeout(look, EVERY_MS);
  };
  window.setTimeout(look, EVERY_MS / 2);
})();
