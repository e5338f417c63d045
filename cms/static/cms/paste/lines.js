// From lines of pieces to what Draft.js stores, or to plain words. A line is {type, depth, number, pieces}, a piece
// {text, styles, href}. Used by read.js.
(() => {
  const INVISIBLE = /[\u00AD\u200B\u2060\uFEFF]/g;
  const BULLET = /^[\s\u00A0]*(?:[\uE000-\uF8FF•▪◦‣●■]+[\s\u00A0]*|o(?:\t|\u00A0\u00A0)[\s\u00A0]*)(?=\S)/;
  const EDGE = /[ \u00A0\n]+$/;
  const MOST_NESTED = 4;
  const isListed = (line) => line.type.endsWith('-list-item');
  const wordsOf = (line) => line.pieces.map(({ text }) => text).join('');

  const cut = (line, length) => {
    let left = length;
    for (const piece of line.pieces) {
      const taken = Math.min(left, piece.text.length);
      piece.text = piece.text.slice(taken);
      left -= taken;
    }
  };

  // A bullet that was typed, or stored as a private-use character, makes a list item.
  const bullet = (line, before) => {
    const found = line.type === 'unstyled' && !line.table && BULLET.exec(wordsOf(line));
    if (!found) return;
    cut(line, found[0].length);
    line.type = 'unordered-list-item';
    line.depth = found[0].trim().startsWith('o') && before && isListed(before) ? 1 : 0;
  };

  // Whether a list would get other numbers than it had: rich text always counts from 1.
  const isRenumbered = (run) => {
    const counts = [];
    return run.some((line) => {
      counts.length = line.depth + 1;
      counts[line.depth] = line.type === 'ordered-list-item' ? (counts[line.depth] || 0) + 1 : 0;
      return line.number && line.number !== counts[line.depth];
    });
  };
  const runsOf = (lines) => lines.reduce((runs, line, at) => {
    if (isListed(line) && at && isListed(lines[at - 1])) runs[runs.length - 1].push(line);
    else if (isListed(line)) runs.push([line]);
    return runs;
  }, []);
  const typeNumbers = (line) => {
    if (line.number) {
      line.pieces.unshift({ text: `${line.number}. `, styles: new Set(), href: '' });
      line.type = 'unstyled';
    }
    line.depth = 0;
  };

  // Mends lists; true if a list became lines, so that its numbers stay.
  const mendLists = (lines) => {
    lines.forEach((line, at) => {
      bullet(line, lines[at - 1]);
      line.depth = Math.min(line.depth, MOST_NESTED);
    });
    const renumbered = runsOf(lines).filter(isRenumbered);
    renumbered.flat().forEach(typeNumbers);
    return renumbered.length > 0;
  };

  // Folds white space as a browser shows it; a space that does not break stays inside a line. `said` is what stands before.
  const fold = (text, said) => {
    if (text === '\n') return said && !said.endsWith('\n') ? text : '';
    const words = text.replace(INVISIBLE, '').replace(/[ \t\r\n]+/g, ' ');
    if (!said) return words.replace(/^[ \u00A0]+/, '');
    return /[ \n]$/.test(said) ? words.replace(/^ /, '') : words;
  };

  const block = ({ type, depth, pieces }, entityMap) => {
    let text = '';
    const [inlineStyleRanges, entityRanges] = [[], []];
    for (const piece of pieces) {
      const words = fold(piece.text, text);
      if (words === '\n') text = text.replace(EDGE, '');
      const [offset, length] = [text.length, words.length];
      text += words;
      if (!length) continue;
      for (const style of piece.styles) {
        if (style !== 'BOLD' || !type.startsWith('header')) inlineStyleRanges.push({ offset, length, style });
      }
      if (!piece.href) continue;
      const key = Object.keys(entityMap).length;
      entityMap[key] = { type: 'LINK', mutability: 'MUTABLE', data: { url: piece.href } };
      entityRanges.push({ offset, length, key });
    }
    text = text.replace(EDGE, '');
    const within = (range) => ({ ...range, length: Math.min(range.length, text.length - range.offset) });
    const kept = (ranges) => ranges.filter(({ offset }) => offset < text.length).map(within);
    return { text, type, depth, inlineStyleRanges: kept(inlineStyleRanges), entityRanges: kept(entityRanges) };
  };

  // {blocks, entityMap, kept}: `kept` are the lines of the blocks; an empty line makes no block.
  const store = (lines) => {
    const entityMap = {};
    const made = lines.map((line) => ({ line, block: block(line, entityMap) })).filter((each) => each.block.text);
    return { blocks: made.map((each) => each.block), entityMap, kept: made.map(({ line }) => line) };
  };

  const RAISED = Object.fromEntries([...'0123456789+-−=()ni'].map((sign, at) => [sign, [...'⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ'][at]]));
  const LOWERED = Object.fromEntries([...'0123456789+-−=()'].map((sign, at) => [sign, [...'₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎'][at]]));

  // Without formatting 10³ is written with its own character; what has none is put after ^ or _.
  const asWords = (words, signs, mark) =>
    [...words].every((sign) => signs[sign]) ? [...words].map((sign) => signs[sign]).join('') : `${mark}(${words})`;

  const plainOf = ({ text, inlineStyleRanges }) => {
    let made = text;
    for (const { offset, length, style } of [...inlineStyleRanges].sort((one, other) => other.offset - one.offset)) {
      const words = text.slice(offset, offset + length);
      const said = { SUPERSCRIPT: () => asWords(words, RAISED, '^'), SUBSCRIPT: () => asWords(words, LOWERED, '_') }[style];
      if (said && words.trim()) made = made.slice(0, offset) + said() + made.slice(offset + length);
    }
    return made;
  };
  const asPlainText = ({ blocks }) => blocks.map(plainOf).join('\n');
  const plainPieces = (pieces) => plainOf(block({ type: 'unstyled', depth: 0, pieces }, {}));

  window.vettedPaste = { ...window.vettedPaste, lines: { asPlainText, mendLists, plainPieces, store } };
})();
