// Fields with a limit say how many characters are left; the limit is that of the checks.
(() => {
  if (window.vettedCounters) return;
  window.vettedCounters = true;
  const say = (field, line) => {
    const left = Number(field.dataset.limit) - [...field.value.trim()].length;
    line.textContent = left < 0
      ? `${-left} characters too many: write at most ${field.dataset.limit}`
      : `${left} of ${field.dataset.limit} characters left`;
    line.classList.toggle('is-over', left < 0);
    line.setAttribute('aria-live', left < 0 ? 'polite' : 'off');
  };
  const count = (field) => {
    const line = document.createElement('p');
    line.className = 'vetted-count';
    line.id = `${field.id}-count`;
    field.after(line);
    field.setAttribute('aria-describedby', `${field.getAttribute('aria-describedby') || ''} ${line.id}`.trim());
    field.addEventListener('input', () => say(field, line));
    say(field, line);
  };
  document.addEventListener('DOMContentLoaded', () => document.querySelectorAll('[data-limit]').forEach(count));
})();
