// The note under a field: what a paste could not keep, said at once, with buttons. Used by editor.js.
(() => {
  const NOTES = {
    struck: 'Struck-out words were left out.',
    left: 'Pictures, formulas and embedded media were left out. Add a picture as a Figure section.',
    link: 'Links that lead to no web address are plain words now.',
    list: 'A numbered list became lines, because a list in this field always begins at 1.',
    table: 'A table became lines, with its cells separated by “ | ”.',
  };
  const make = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  // `buttons` are [words, act]; the first act of any button but an offer ends the note. -> {say, offer, close}
  const tell = (editor, undo) => {
    document.querySelector('.vetted-pasted')?.remove();
    const status = make('div', { role: 'status' });
    const button = (textContent, act, more = '') => {
      const made = make('button', { type: 'button', className: `button button-small ${more}`, textContent });
      made.addEventListener('click', () => act(made));
      return made;
    };
    const box = make('section', { className: 'vetted-pasted', ariaLabel: 'Paste' }, status);
    const close = () => {
      box.remove();
      editor.querySelector('[contenteditable=true]')?.focus({ preventScroll: true });
    };
    box.append(button('Undo paste', () => { undo(); close(); }), button('Keep', close, 'button-secondary'));
    editor.after(box);
    return {
      // A screen reader reads what comes into a status that stands there already.
      say: (sentences, list = []) => setTimeout(() => status.replaceChildren(
        make('p', { textContent: sentences.join(' ') }),
        ...(list.length ? [make('ul', { tabIndex: 0, ariaLabel: 'Pasted notes' }, ...list.map((textContent) => make('li', { textContent })))] : []),
      )),
      offer: (words, act) => status.after(button(words, (made) => { made.remove(); act(); })),
    };
  };

  window.vettedPaste = { ...window.vettedPaste, NOTES, tell };
})();
