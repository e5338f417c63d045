// The footnotes of pasted HTML, whatever program made it: a mark is a link whose words are a number or a sign, and that
// leads to a later place of the same paste; the note is the block that begins at this place. Used by read.js.
(() => {
  const SIGN = /^[[(]?\s*(?:note\s*)?(\d{1,3}|[a-z]|[ivxlc]{1,6}|[*†‡§¶#]{1,4})\s*[\])]?$/i;
  const NUMBER = /^[[(]\s*(\d{1,3})\s*[\])]$/;
  const BLOCK = 'li, p, dd, dt, td, blockquote, div, aside';
  const HOLDS_ONE_NOTE = ['LI', 'DIV', 'ASIDE', 'TR'];
  const HEADING = 'h1, h2, h3, h4, h5, h6';
  const BACK = /^[\s^↑↩\uFE0E\uFE0F]+|[\s^↑↩\uFE0E\uFE0F]+$/gu;

  const fragmentOf = (link) => {
    const fragment = link.getAttribute('href').match(/#(.+)$/)?.[1] || '';
    try { return decodeURIComponent(fragment); } catch { return fragment; }
  };
  const isComment = (link) => window.vettedPaste.source.COMMENT.test(link.getAttribute('href'));
  // Chromium 156's compareDocumentPosition turns the order round now and then in what DOMParser made.
  const orderIn = (body) => {
    const all = new Map([...body.querySelectorAll('*')].map((element, at) => [element, at]));
    return (one, other) => all.get(one) < all.get(other);
  };

  // {fragment: element} of all places that links can lead to.
  const placesIn = (body) => {
    const places = new Map();
    for (const element of body.querySelectorAll('[id], a[name]')) {
      for (const name of [element.id, element.getAttribute('name')]) if (name && !places.has(name)) places.set(name, element);
    }
    return places;
  };

  // [{link, sign, place}]; `place` is undefined where the note was not pasted.
  const marksIn = (body, places, follows) => [...body.querySelectorAll('a[href*="#"]')].flatMap((link) => {
    const words = link.textContent.trim();
    const sign = SIGN.exec(words)?.[1];
    const fragment = fragmentOf(link);
    if (!sign || !fragment || isComment(link)) return [];
    const place = places.get(fragment);
    if (place) return follows(link, place) && !place.closest(HEADING) ? [{ link, sign, fragment, place }] : [];
    const isRaised = link.closest('sup') || link.querySelector('sup');
    const isBackLink = link.matches('li > :first-child, p > :first-child') && !link.previousSibling?.data?.trim();
    return NUMBER.test(words) || (isRaised && /^\d+$/.test(sign)) ? (isBackLink && !isRaised ? [] : [{ link, sign, fragment }]) : [];
  });

  const noteAt = (place, marks) => {
    const places = marks.map((mark) => mark.place).filter(Boolean);
    let note = place.matches(BLOCK) ? place : place.closest(BLOCK) || place;
    for (let up = note.parentElement; up && HOLDS_ONE_NOTE.includes(up.tagName) && up.firstElementChild === note; up = note.parentElement) {
      const holdsMore = places.some((each) => each !== place && up.contains(each)) || marks.some(({ link }) => up.contains(link));
      if (holdsMore || up.querySelector(HEADING)) break;
      note = up;
    }
    return note;
  };

  // Takes away the links that lead back to the text, or else the number that is typed before the words.
  const takeLabel = (note, sign, places) => {
    const isBack = (link) => places.has(fragmentOf(link)) && !note.contains(places.get(fragmentOf(link)));
    const back = [...note.querySelectorAll('a[href*="#"]')].filter((link) => isBack(link) || !link.textContent.replace(BACK, ''));
    back.forEach((link) => link.remove());
    const texts = document.createTreeWalker(note, NodeFilter.SHOW_TEXT);
    let text = texts.nextNode();
    while (text && !text.data.replace(BACK, '')) { text.data = ''; text = texts.nextNode(); }
    if (!text) return;
    text.data = text.data.replace(/^[\s^↑]+/, '');
    if (back.length) return;
    const typed = [`[${sign}]`, `(${sign})`, `${sign}.`, `${sign})`, `${sign} `, sign].find((label) => text.data === label || (label !== sign && text.data.startsWith(label)));
    if (typed) text.data = text.data.slice(typed.length).replace(/^[\s.:]+/, '');
  };

  // What the library is searched for: the note's words, and the addresses of its links.
  const searchOf = (note) => [note.textContent.trim(), ...[...note.querySelectorAll('a[href]')]
    .map((link) => window.vettedPaste.source.addressOf(link.getAttribute('href')))].filter(Boolean).join('\n');

  // Comments are notes of the authors to each other: they do not come along.
  const dropComments = (body, places, follows) => {
    for (const link of [...body.querySelectorAll('a[href*="#"]')].filter(isComment)) {
      const place = places.get(fragmentOf(link));
      if (place && follows(link, place)) noteAt(place, []).remove();
    }
  };

  // Takes the notes out of `body`: {marks: Map(link -> note), notes: [{sign, element, search}]}. A note that was not
  // pasted has no element. Each note is one, however many marks lead to it.
  const take = (body) => {
    const places = placesIn(body);
    const follows = orderIn(body);
    dropComments(body, places, follows);
    const marks = marksIn(body, places, follows);
    const byFragment = new Map();
    for (const { sign, fragment, place } of marks) {
      if (!byFragment.has(fragment)) byFragment.set(fragment, { sign, element: place && noteAt(place, marks) });
    }
    const notes = [...byFragment.values()];
    notes.filter(({ element }) => element).forEach((note) => takeLabel(note.element, note.sign, places));
    for (const note of notes.filter(({ element }) => element)) {
      note.search = searchOf(note.element);
      note.element.remove();
    }
    return { marks: new Map(marks.map(({ link, fragment }) => [link, byFragment.get(fragment)])), notes };
  };

  // A typed list [1], [2], … or a numbered list, at the end of what was pasted, belongs to typed [1], [2, 3] where these
  // name each of its lines and nothing else. `lines` of read.js -> {body, notes: Map(number -> line)} or null.
  const TYPED = /\[\s*(\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\s*\]/g;
  const LABEL = /^\s*\[(\d{1,3})\]\s*/;
  const wordsOf = (line) => line.pieces.map(({ text }) => text).join('');

  const numbersOf = (words) => words.split(/[,;]/).flatMap((part) => {
    const [first, last = first] = part.split(/[–-]/).map(Number);
    return Array.from({ length: Math.min(Math.max(last - first + 1, 1), 999) }, (_, at) => first + at);
  });

  const typedList = (all) => {
    const lines = all.filter((line) => wordsOf(line).trim());
    const isItem = (line) => line && (LABEL.test(line.pieces[0].text) || (line.type === 'ordered-list-item' && !line.depth));
    let at = lines.length;
    while (isItem(lines[at - 1])) at -= 1;
    const [body, items] = [lines.slice(0, at), lines.slice(at)];
    const inOrder = items.every((line, index) => Number(line.pieces[0].text.match(LABEL)?.[1] || line.number || index + 1) === index + 1);
    const cited = new Set(body.flatMap((line) => line.pieces.flatMap(({ text }) => [...text.matchAll(TYPED)].flatMap((found) => numbersOf(found[1])))));
    if (!items.length || !inOrder || cited.size !== items.length || !items.every((_, index) => cited.has(index + 1))) return null;
    items.forEach((line) => { line.pieces[0].text = line.pieces[0].text.replace(LABEL, ''); });
    return { body, items };
  };

  window.vettedPaste = { ...window.vettedPaste, footnotes: { NUMBER_LIST: TYPED, numbersOf, take, typedList, wordsOf } };
})();
