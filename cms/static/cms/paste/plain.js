// Paste into fields without formatting: the plain text that Word and browsers offer has lost superscripts, and keeps
// struck-out words.
(() => {
  const { read, asPlainText } = window.vettedPaste;
  const RAISED = ['SUPERSCRIPT', 'SUBSCRIPT'];
  const needsHelp = ({ blocks, notes, footnotes }) => notes.length || footnotes.length
    || blocks.some(({ inlineStyleRanges }) => inlineStyleRanges.some(({ style }) => RAISED.includes(style)));

  document.addEventListener('paste', (event) => {
    const field = event.target;
    if (!field.matches?.('textarea, input[type=text], input:not([type])') || field.closest('.Draftail-Editor')) return;
    const html = event.clipboardData?.getData('text/html');
    const made = html && read(html);
    if (!made || !made.blocks.length || !needsHelp(made)) return;
    event.preventDefault();
    const words = field.tagName === 'TEXTAREA' ? asPlainText(made) : asPlainText(made).replace(/\n/g, ' ');
    if (!document.execCommand('insertText', false, words)) field.setRangeText(words, field.selectionStart, field.selectionEnd, 'end');
  }, true);
})();
