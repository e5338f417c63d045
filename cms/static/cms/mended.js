// After a save that failed, an error stays at its field until the field is changed and saved. Then it goes, and with the
// last one the message at the top.
(() => {
  if (window.vettedMended) return;
  window.vettedMended = true;
  const said = (field) => [...field.querySelectorAll('input, textarea, select')].map((input) => input.value).join('\n');
  const wrong = new Map(); // fields with an error, and what stood in them

  const clear = (field) => {
    wrong.delete(field);
    field.classList.remove('w-field--error');
    field.querySelectorAll('.error-message').forEach((message) => message.remove());
    field.querySelectorAll('.w-field__errors-icon').forEach((icon) => icon.setAttribute('hidden', ''));
    field.querySelectorAll('[aria-invalid]').forEach((input) => input.removeAttribute('aria-invalid'));
  };

  const clearMended = () => {
    if (!wrong.size) return;
    [...wrong].filter(([field, before]) => said(field) !== before).forEach(([field]) => clear(field));
    document.querySelectorAll('[data-w-count-container-value]').forEach((count) => {
      if (!document.querySelector(`${count.dataset.wCountContainerValue} .error-message`)) count.classList.remove('!w-flex');
    });
    if (!wrong.size) document.querySelectorAll('.messages .error').forEach((message) => message.remove());
  };

  // Wagtail tries to save a refused form once more, and then no longer looks whether it was changed.
  const keepSaving = (form) => {
    const state = () => new URLSearchParams(new FormData(form)).toString();
    let before = state();
    const timer = setInterval(() => {
      if (state() === before) return;
      before = state();
      form.dispatchEvent(new CustomEvent('w-unsaved:add', { cancelable: true, detail: { type: 'edits' } }));
    }, 500);
    form.addEventListener('w-autosave:success', () => {
      clearInterval(timer);
      form.dataset.wUnsavedCheckIntervalValue = '501'; // another value lets Wagtail look again
    }, { once: true });
  };

  window.addEventListener('load', () => {
    const refused = document.querySelector('[data-edit-form][data-w-unsaved-force-value="true"]');
    if (!refused) return;
    document.querySelectorAll('.w-field--error').forEach((field) => wrong.set(field, said(field)));
    document.addEventListener('w-autosave:success', clearMended);
    keepSaving(refused);
  });
})();
