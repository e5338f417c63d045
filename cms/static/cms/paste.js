// Paste from Word, Google Docs and web pages. Draft.js drops superscripts (10³ becomes 103) and joins the cells of a
// table, so the pasted HTML is read here. Draftail's filter then removes what the field does not allow.
(() => {
  const { draftail } = window;
  const BLOCKS = { H1: 'header-three', H2: 'header-three', H3: 'header-three', H4: 'header-four', H5: 'header-four', H6: 'header-four' };
  const OWN_LINE = new Set(['P', 'DIV', 'LI', 'BLOCKQUOTE', 'PRE', 'SECTION', 'ARTICLE', 'ASIDE', 'HEADER', 'FOOTER', 'MAIN', 'DL', 'DT', 'DD', 'UL', 'OL', 'FIGURE', 'FIGCAPTION', 'ADDRESS', 'HR', 'TABLE', ...Object.keys(BLOCKS)]);
  const NOTHING = new Set(['STYLE', 'SCRIPT', 'META', 'LINK', 'TITLE', 'HEAD', 'TEMPLATE', 'NOSCRIPT']);
  const LEFT_OUT = new Set(['IMG', 'PICTURE', 'SVG', 'VIDEO', 'AUDIO', 'CANVAS', 'IFRAME', 'OBJECT', 'MATH']);
  const LINKS = /^(https?:\/\/|mailto:|tel:)/i;
  const INVISIBLE = /[\u00AD\u200B\u2060\uFEFF]/g;
  const MOST_NESTED = 4;
  const NOTES = {
    table: 'A table became lines, with its cells separated by “ | ”. For a real table, add a Table section.',
    struck: 'Struck-out words were left out.',
    left: 'Pictures and embedded media were left out. Add a picture as a Figure section.',
    footnote: 'Footnote numbers are plain text now. Replace each with a citation.',
    link: 'Links that lead to no web address are plain words now.',
  };

  const styleOf = (element) => (element.getAttribute('style') || '').toLowerCase().replace(/\s/g, '');

  // {styles, href} of what stands inside the element.
  const inside = (element, context, notes) => {
    const styles = new Set(context.styles);
    const css = styleOf(element);
    const set = (name, is) => (is ? styles.add(name) : styles.delete(name));
    if (['B', 'STRONG', 'TH'].includes(element.tagName)) styles.add('BOLD');
    if (['I', 'EM', 'CITE'].includes(element.tagName)) styles.add('ITALIC');
    if (element.tagName === 'SUP') styles.add('SUPERSCRIPT');
    if (element.tagName === 'SUB') styles.add('SUBSCRIPT');
    const weight = css.match(/font-weight:(\w+)/)?.[1];
    if (weight) set('BOLD', weight === 'bold' || weight === 'bolder' || Number(weight) >= 600);
    const slant = css.match(/font-style:(\w+)/)?.[1];
    if (slant) set('ITALIC', slant !== 'normal');
    if (css.includes('vertical-align:super')) styles.add('SUPERSCRIPT');
    if (css.includes('vertical-align:sub;') || css.endsWith('vertical-align:sub')) styles.add('SUBSCRIPT');
    let { href } = context;
    if (element.tagName === 'A' && element.hasAttribute('href')) {
      href = LINKS.test(element.getAttribute('href')) ? element.getAttribute('href') : '';
      if (!href) notes.add(/_(?:ftn|edn|ftnref)/.test(element.getAttribute('href')) ? 'footnote' : 'link');
    }
    return { ...context, styles, href };
  };

  // What Word does not print either: hidden words, markers of lists, comments and the places that they point at.
  const isHidden = (element, css) =>
    /display:none|mso-hide:all|mso-list:ignore|mso-element:comment|mso-special-character:comment/.test(css)
    || /msocom|MsoComment/.test(element.className);
  const isStruck = (element, css) => ['DEL', 'S', 'STRIKE'].includes(element.tagName) || /text-decoration[^;]*line-through/.test(css);

  // `{blocks, entityMap}` as Draft.js stores them, and the notes for the editor.
  const read = (html) => {
    const body = new DOMParser().parseFromString(html, 'text/html').body;
    const notes = new Set();
    const lines = [];
    let line = null;

    const begin = (type = 'unstyled', depth = 0) => { line = { type, depth, pieces: [] }; lines.push(line); };
    const end = () => { line = null; };
    const say = (text, context) => {
      if (!line && !text.trim()) return;
      if (!line) begin(context.type, context.depth);
      line.pieces.push({ text, styles: context.styles, href: context.href });
    };

    const table = (element, context) => {
      notes.add('table');
      for (const row of element.rows) {
        begin();
        const own = line;
        [...row.cells].forEach((cell, at) => {
          if (at) own.pieces.push({ text: ' | ', styles: new Set(), href: '' });
          line = own;
          walk(cell, { ...context, inCell: true, styles: new Set(cell.tagName === 'TH' ? ['BOLD'] : []) });
        });
        end();
      }
    };

    const walk = (node, context) => {
      for (const child of node.childNodes) {
        if (child.nodeType === Node.TEXT_NODE) say(child.data, context);
        if (child.nodeType === Node.ELEMENT_NODE) visit(child, context);
      }
    };

    const visit = (element, context) => {
      const css = styleOf(element);
      if (NOTHING.has(element.tagName) || isHidden(element, css)) return;
      if (isStruck(element, css)) {
        if (element.textContent.trim()) notes.add('struck');
        return;
      }
      if (LEFT_OUT.has(element.tagName.toUpperCase())) { notes.add('left'); return; }
      if (element.tagName === 'BR') {
        if (context.inCell) say(' ', context); else end();
        return;
      }
      if (element.tagName === 'TABLE') {
        if (context.inCell) { for (const cell of element.querySelectorAll('td, th')) { say(' ', context); walk(cell, context); } return; }
        end();
        table(element, context);
        end();
        return;
      }
      const inner = inside(element, context, notes);
      const isLine = OWN_LINE.has(element.tagName);
      if (isLine && context.inCell) { say(' ', context); walk(element, inner); say(' ', context); return; }
      if (!isLine) { walk(element, inner); return; }
      end();
      if (BLOCKS[element.tagName]) Object.assign(inner, { type: BLOCKS[element.tagName], depth: 0 });
      if (element.tagName === 'UL' || element.tagName === 'OL') {
        inner.list = element.tagName === 'OL' ? 'ordered-list-item' : 'unordered-list-item';
        inner.level = context.list ? context.level + 1 : 0;
      }
      if (element.tagName === 'LI') Object.assign(inner, { type: context.list || 'unordered-list-item', depth: Math.min(context.level || 0, MOST_NESTED) });
      const word = !BLOCKS[element.tagName] && css.match(/mso-list:l\d+level(\d+)/);
      if (word) Object.assign(inner, { type: wordList(element), depth: Math.min(Number(word[1]) - 1, MOST_NESTED) });
      walk(element, inner);
      end();
    };

    // Word writes the bullet or number of a list item as words, in a part that `isHidden` leaves out.
    const wordList = (element) => {
      const marker = [...element.querySelectorAll('[style]')].find((each) => styleOf(each).includes('mso-list:ignore'));
      return marker && /^\s*[0-9a-z]{1,4}[.)]/i.test(marker.textContent) ? 'ordered-list-item' : 'unordered-list-item';
    };

    walk(body, { styles: new Set(), href: '', type: 'unstyled', depth: 0, list: '', level: 0, inCell: false });
    return { ...store(lines), notes: [...notes] };
  };

  // Folds white space as a browser shows it, and notes where styles and links begin and end.
  const store = (lines) => {
    const entityMap = {};
    const blocks = lines.map(({ type, depth, pieces }) => {
      let text = '';
      const [inlineStyleRanges, entityRanges] = [[], []];
      for (const piece of pieces) {
        let words = piece.text.replace(INVISIBLE, '').replace(/[ \t\r\n]+/g, ' ');
        if (!text || text.endsWith(' ')) words = words.replace(/^ /, '');
        const [offset, length] = [text.length, words.length];
        text += words;
        if (!length) continue;
        piece.styles.forEach((style) => inlineStyleRanges.push({ offset, length, style }));
        if (piece.href) {
          const key = Object.keys(entityMap).length;
          entityMap[key] = { type: 'LINK', mutability: 'MUTABLE', data: { url: piece.href } };
          entityRanges.push({ offset, length, key });
        }
      }
      return { text: text.replace(/ $/, ''), type, depth, inlineStyleRanges, entityRanges };
    });
    return { blocks: blocks.filter(({ text }) => text), entityMap };
  };

  const tell = (notes, editorState, setEditorState) => {
    document.querySelector('.vetted-pasted')?.remove();
    if (!notes.length) return;
    const box = document.createElement('div');
    box.className = 'vetted-pasted';
    box.setAttribute('role', 'status');
    const words = document.createElement('p');
    words.textContent = notes.map((note) => NOTES[note]).join(' ');
    const undo = Object.assign(document.createElement('button'), { type: 'button', className: 'button button-small', textContent: 'Undo paste' });
    undo.addEventListener('click', () => { setEditorState(editorState); box.remove(); });
    const close = Object.assign(document.createElement('button'), { type: 'button', className: 'button button-small button-secondary', textContent: 'Keep' });
    close.addEventListener('click', () => box.remove());
    box.append(words, undo, close);
    document.activeElement?.closest('.Draftail-Editor')?.after(box);
  };

  // Whole lines stay lines: an empty one keeps them apart from the words before and after the cursor.
  const apart = (blocks, editorState) => {
    if (blocks.length === 1 && blocks[0].type === 'unstyled' && !blocks[0].text.includes(' | ')) return blocks;
    const selection = editorState.getSelection();
    const content = editorState.getCurrentContent();
    const empty = { text: '', type: 'unstyled', depth: 0, inlineStyleRanges: [], entityRanges: [] };
    const isAfterWords = selection.getStartOffset() > 0;
    const isBeforeWords = selection.getEndOffset() < content.getBlockForKey(selection.getEndKey()).getLength();
    return [...(isAfterWords ? [empty] : []), ...blocks, ...(isBeforeWords ? [empty] : [])];
  };

  const RAISED = Object.fromEntries([...'0123456789+-−=()ni'].map((sign, at) => [sign, [...'⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ'][at]]));
  const LOWERED = Object.fromEntries([...'0123456789+-−=()'].map((sign, at) => [sign, [...'₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎'][at]]));

  // In a field without formatting 10³ is written with its own character; what has none is put after ^ or _.
  const asWords = (words, signs, mark) =>
    [...words].every((sign) => signs[sign]) ? [...words].map((sign) => signs[sign]).join('') : `${mark}(${words})`;

  const asPlainText = ({ blocks }) => blocks.map(({ text, inlineStyleRanges }) => {
    let made = text;
    for (const { offset, length, style } of [...inlineStyleRanges].sort((one, other) => other.offset - one.offset)) {
      const words = text.slice(offset, offset + length);
      const said = { SUPERSCRIPT: () => asWords(words, RAISED, '^'), SUBSCRIPT: () => asWords(words, LOWERED, '_') }[style];
      if (said && words.trim()) made = made.slice(0, offset) + said() + made.slice(offset + length);
    }
    return made;
  }).join('\n');

  // The plain text that Word and browsers offer has lost superscripts, and keeps struck-out words.
  const pastePlain = (event) => {
    const field = event.target;
    if (!field.matches?.('textarea, input[type=text], input:not([type])') || field.closest('.Draftail-Editor')) return;
    const html = event.clipboardData?.getData('text/html');
    if (!html) return;
    const made = read(html);
    const isChanged = made.notes.length || made.blocks.some(({ inlineStyleRanges }) =>
      inlineStyleRanges.some(({ style }) => style === 'SUPERSCRIPT' || style === 'SUBSCRIPT'));
    if (!isChanged || !made.blocks.length) return;
    event.preventDefault();
    const words = field.tagName === 'TEXTAREA' ? asPlainText(made) : asPlainText(made).replace(/\n/g, ' ');
    if (!document.execCommand('insertText', false, words)) field.setRangeText(words, field.selectionStart, field.selectionEnd, 'end');
  };
  if (!window.vettedPaste) document.addEventListener('paste', pastePlain, true);

  const handlePastedText = (text, html, editorState, { setEditorState }) => {
    if (!html) return 'not-handled';
    const { EditorState, Modifier, convertFromRaw } = window.DraftJS;
    const { blocks, entityMap, notes } = read(html);
    if (!blocks.length) return 'not-handled';
    const pasted = convertFromRaw({ blocks: apart(blocks, editorState), entityMap });
    const changed = Modifier.replaceWithFragment(editorState.getCurrentContent(), editorState.getSelection(), pasted.getBlockMap());
    setEditorState(EditorState.push(editorState, changed, 'insert-fragment'));
    tell(notes, editorState, setEditorState);
    return 'handled';
  };

  window.vettedPaste = { read, asPlainText };
  draftail?.registerPlugin({ type: 'vetted-paste', handlePastedText }, 'plugins'); // loaded again with rich text
})();
