// The Review panel: asked for anew after each autosave; its links lead to other tabs too.
(() => {
  if (window.vettedPanel) return;
  window.vettedPanel = true;
  // A finding may stand on another tab: show that tab, then the place.
  window.addEventListener('hashchange', () => {
    const target = document.getElementById(window.location.hash.slice(1));
    const tab = target?.closest('[role="tabpanel"]');
    if (tab?.hidden) document.querySelector(`[role="tab"][href="#${tab.id}"]`)?.click();
    target?.scrollIntoView();
  });
  document.addEventListener('w-autosave:success', async () => {
    const panel = document.querySelector('[data-vetted-panel]');
    if (!panel) return;
    const answer = await fetch(panel.dataset.url, { headers: { 'X-Requested-With': 'XMLHttpRequest' } });
    if (answer.ok) panel.innerHTML = await answer.text();
  });
})();
