// What is typed while an autosave is on its way would count as saved: it is saved by another one. And the form is sent only
// once no autosave is on its way: the server would refuse one of the two.
(() => {
  if (window.vettedAutosave) return;
  window.vettedAutosave = true;
  const OF_WAGTAIL = ['csrfmiddlewaretoken', 'loaded_revision_id', 'loaded_revision_created_at', 'next', 'overwrite_revision_id'];
  let sent = null; // the form as the autosave that is on its way sends it

  const said = (data, leftOut) => {
    const typed = [...data].filter(([name, value]) => typeof value === 'string' && !leftOut.includes(name));
    return new URLSearchParams(typed).toString();
  };

  document.addEventListener('w-autosave:save', (event) => {
    sent = [...event.detail.formData];
    queueMicrotask(() => {
      if (event.defaultPrevented) sent = null;
    });
  });
  document.addEventListener('w-autosave:success', ({ target, detail }) => {
    const leftOut = [...OF_WAGTAIL, ...Object.keys(detail.response?.field_updates || {})];
    const isAll = said(sent, leftOut) === said(new FormData(target), leftOut);
    sent = null;
    if (isAll) return;
    const edited = new CustomEvent('w-unsaved:add', { cancelable: true, detail: { type: 'edits' } });
    setTimeout(() => target.dispatchEvent(edited));
  });
  document.addEventListener('w-autosave:error', () => {
    sent = null;
  });

  document.addEventListener('submit', (event) => {
    const { target, submitter } = event;
    if (!sent || !target.matches('[data-edit-form]')) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const ends = new AbortController();
    const send = () => {
      ends.abort();
      setTimeout(() => {
        if (submitter) submitter.disabled = false; // what is disabled is not sent, not even that it was pressed
        target.requestSubmit(submitter);
      });
    };
    for (const end of ['w-autosave:success', 'w-autosave:error']) document.addEventListener(end, send, { signal: ends.signal });
  }, true);
})();
