// Paste into fields without formatting: the plain text that Word and browsers offer has lost superscripts, and keeps
// struck-out words.
(() => {
  const { read, asPlainText } = window.vettedPaste;
  const RAISED = ['SUPERSCRIPT', 'SUBSCRIPT'];
  const needsHelp = ({ blocks, notes, footnotes }) => notes.length || footnotes.length
    || blocks.some(({ inlineStyleRanges }) => inlineStyleRanges.some(({ style }) => RAISED.includes(style)));

  // A field with a limit would cut what is pasted without a word: what does not fit is not pasted.
  const refuse = (field, length) => {
    const old = field.parentNode.querySelector('.vetted-too-long');
    const line = old || Object.assign(document.createElement('p'), { className: 'vetted-count is-over vetted-too-long', role: 'alert' });
    line.textContent = `Nothing was pasted: the text has ${length.toLocaleString('en')} characters, and this field takes ${field.maxLength.toLocaleString('en')}. Paste it into a text below, or shorten it first.`;
    if (!old) field.after(line);
    field.addEventListener('input', () => line.remove(), { once: true });
  };
  const room = (field) => (field.maxLength > 0 ? field.maxLength - field.value.length + field.selectionEnd - field.selectionStart : Infinity);

  document.addEventListener('paste', (event) => {
    const field = event.target;
    if (!field.matches?.('textarea, input[type=text], input:not([type])') || field.closest('.Draftail-Editor')) return;
    const html = event.clipboardData?.getData('text/html');
    const made = html && read(html);
    const helps = made && made.blocks.length && needsHelp(made);
    const pasted = helps ? asPlainText(made) : event.clipboardData?.getData('text/plain') || '';
    const words = field.tagName === 'TEXTAREA' ? pasted : pasted.replace(/\r?\n/g, ' ');
    const isTooLong = words.length > room(field);
    if (!helps && !isTooLong) return;
    event.preventDefault();
    if (isTooLong) { refuse(field, words.length); return; }
    if (!document.execCommand('insertText', false, words)) field.setRangeText(words, field.selectionStart, field.selectionEnd, 'end');
  }, true);
})();
