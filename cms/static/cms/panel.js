// The Review panel: asked for once the editor is shown, after each autosave, and on coming back.
// Where its links lead: blocks/sections.js.
(() => {
  if (window.vettedPanel) return;
  window.vettedPanel = true;
  // Its number of blocking findings also stands at the button that opens it.
  const refresh = async () => {
    const panel = document.querySelector('[data-vetted-panel]');
    if (!panel?.dataset.url) return;
    const answer = await fetch(panel.dataset.url, { headers: { 'X-Requested-With': 'XMLHttpRequest' } }).catch(() => null);
    if (!answer?.ok) {
      const status = panel.querySelector('[role=status]');
      if (status) status.textContent = 'The findings and signatures could not be read. Load the page again.';
      return;
    }
    show(panel, await answer.text());
  };
  const show = (panel, html) => {
    panel.innerHTML = html;
    const blocking = panel.querySelector('[data-blocking]')?.dataset.blocking || '0';
    const counter = document.querySelector('[data-side-panel-toggle="review"] [data-side-panel-toggle-counter]');
    counter.textContent = blocking;
    counter.hidden = blocking === '0';
    warn([...panel.querySelectorAll('[data-vetted-above]')].map((line) => line.textContent).join(' '));
  };
  // What waits, and what a change costs, also stands above the text: whoever changes it does not open the panel first.
  const warn = (said) => {
    let above = document.querySelector('.vetted-above');
    if (!above && !said) return;
    if (!above) {
      above = document.createElement('p');
      above.className = 'help-block help-warning vetted-above';
      above.setAttribute('role', 'status');
      document.querySelector('[data-edit-form] .w-form-width')?.prepend(above);
    }
    above.hidden = !said;
    if (above.textContent !== said) above.textContent = said;
  };
  window.addEventListener('load', refresh);
  // Its button answers with the panel: what was typed stays where it is.
  document.addEventListener('submit', async (event) => {
    const panel = event.target.closest('[data-vetted-panel]');
    if (!panel) return;
    event.preventDefault();
    const answer = await fetch(event.target.action, {
      method: 'POST', body: new FormData(event.target), headers: { 'X-Requested-With': 'XMLHttpRequest' },
    });
    if (!answer.ok) return;
    show(panel, await answer.text());
    panel.querySelector('a, button')?.focus();
  });
  document.addEventListener('w-autosave:success', refresh);
  // Somebody may have signed in another window, or on the page that the person comes back from.
  document.addEventListener('visibilitychange', () => { if (!document.hidden) refresh(); });
  window.addEventListener('pageshow', (event) => { if (event.persisted) refresh(); });
})();
