// Paste from Word, Google Docs and web pages. Draft.js drops superscripts (10³ becomes 103) and joins the cells of a
// table, so the pasted HTML is read here. Draftail's filter then removes what the field does not allow.
(() => {
  const { source, footnotes, lines: made, tables: cells } = window.vettedPaste;
  const OWN_LINE = new Set(['P', 'DIV', 'LI', 'BLOCKQUOTE', 'PRE', 'SECTION', 'ARTICLE', 'ASIDE', 'HEADER', 'FOOTER', 'MAIN', 'NAV', 'DL', 'DT', 'DD', 'UL', 'OL', 'FIGURE', 'FIGCAPTION', 'ADDRESS', 'HR', 'TABLE', 'CAPTION', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6']);
  const NOTHING = new Set(['STYLE', 'SCRIPT', 'META', 'LINK', 'TITLE', 'HEAD', 'TEMPLATE', 'NOSCRIPT']);
  const LEFT_OUT = new Set(['IMG', 'PICTURE', 'SVG', 'VIDEO', 'AUDIO', 'CANVAS', 'IFRAME', 'OBJECT', 'MATH']);
  const LISTS = { UL: 'unordered-list-item', OL: 'ordered-list-item' };
  const PLAIN = { type: 'unstyled', depth: 0 };
  const BARE = { ...PLAIN, styles: new Set(), href: '', list: '', level: 0, count: null, item: null, inCell: false, isSymbol: false };

  // A white space of Word and Safari that stands for a usual one: tabs, second spaces behind a full stop, ends of paragraphs.
  const isSpacer = (element, css) =>
    /mso-tab-count|mso-spacerun/.test(css)
    || (!element.textContent.trim() && (element.tagName === 'O:P' || /\bEOP\b|Apple-converted-space/.test(element.className)));
  const isBlank = ({ text, note }) => !note && !text.trim();

  class Reader {
    constructor(body) {
      [this.lines, this.line, this.tables, this.notes] = [[], null, [], new Set()];
      this.footnotes = footnotes.take(body);
      this.walk(body, BARE);
      this.end();
    }

    begin({ type, depth, item } = PLAIN) {
      this.line = { type, depth, number: item?.number || 0, pieces: [] };
      if (item) item.number = 0; // only its first line has the number
      this.lines.push(this.line);
    }

    end() { this.line = null; }

    say(text, context) {
      if (!this.line && !text.trim()) return;
      if (!this.line) this.begin(context);
      const { styles, href, isSymbol } = context;
      this.line.pieces.push({ text: isSymbol ? source.fromSymbol(text) : text, styles, href });
    }

    // A mark is a piece of its own, which gets its number later.
    mark(note, context) {
      this.say(' ', { ...context, styles: new Set() });
      if (!this.line) this.begin(context);
      this.line.pieces.push({ text: '', styles: new Set(), href: '', note });
    }

    // A new line inside a list item or a cell; elsewhere the line ends.
    breakLine(context) {
      if (context.inCell || context.type.startsWith('header')) this.say(' ', context);
      else if (context.item) this.line?.pieces.push({ text: '\n', styles: new Set(), href: '' });
      else this.end();
    }

    walk(node, context) {
      for (const child of node.childNodes) {
        if (child.nodeType === Node.TEXT_NODE) this.say(child.data.replace(/\n/g, ' '), context);
        if (child.nodeType === Node.ELEMENT_NODE) this.visit(child, context);
      }
    }

    visit(element, context) {
      const css = source.styleOf(element);
      if (this.isLeftOut(element, css)) return;
      const emoji = source.emojiOf(element);
      if (emoji) this.say(emoji, context);
      else if (this.footnotes.marks.has(element)) this.mark(this.footnotes.marks.get(element), context);
      else if (isSpacer(element, css)) this.say(' ', context);
      else if (element.tagName === 'BR') this.breakLine(context);
      else if (element.tagName === 'TABLE') this.table(element, context);
      else this.enter(element, css, this.inside(element, css, context));
    }

    isLeftOut(element, css) {
      if (NOTHING.has(element.tagName) || source.isHidden(element, css)) return true;
      const [isStruck, isMedia] = [source.isStruck(element, css), LEFT_OUT.has(element.tagName.toUpperCase())];
      if (isStruck && element.textContent.trim()) this.notes.add('struck');
      if (isMedia && !source.emojiOf(element)) this.notes.add('left');
      return isStruck || (isMedia && !source.emojiOf(element));
    }

    inside(element, css, context) {
      let { href } = context;
      if (element.tagName === 'A' && element.hasAttribute('href')) {
        href = source.addressOf(element.getAttribute('href'));
        if (!href && element.textContent.trim()) this.notes.add('link');
      }
      const styles = source.stylesOf(element, css, context.styles);
      return { ...context, href, styles, isSymbol: source.isSymbol(element, css, context.isSymbol) };
    }

    enter(element, css, context) {
      const heading = source.headingOf(element);
      if (!OWN_LINE.has(element.tagName)) this.walk(element, context);
      else if (context.inCell) this.around(element, context);
      else if (context.item && !heading && !LISTS[element.tagName] && element.tagName !== 'LI') this.around(element, context);
      else this.ownLine(element, context, heading ? { ...PLAIN, type: heading, item: null } : this.listed(element, css, context));
    }

    around(element, context) {
      this.breakLine(context);
      this.walk(element, context);
      this.breakLine(context);
    }

    ownLine(element, context, own) {
      this.end();
      this.walk(element, { ...context, ...own });
      this.end();
    }

    // What a list, its item, or an item of Word changes for what stands inside.
    listed(element, css, { list, level, count }) {
      if (LISTS[element.tagName]) {
        const start = Number(element.getAttribute('start') ?? 1);
        return { list: LISTS[element.tagName], level: list ? level + 1 : 0, count: { next: start }, item: null };
      }
      if (element.tagName === 'LI') {
        const own = { next: 1, ...count, ...(element.hasAttribute('value') && { next: element.value }) };
        if (count) count.next = own.next + 1;
        const type = list || 'unordered-list-item';
        const depth = Number(element.getAttribute('aria-level') || level + 1) - 1;
        return { type, depth, item: { number: type === 'ordered-list-item' ? own.next : 0 } };
      }
      const word = source.wordItemOf(element, css);
      return word ? { type: word.type, depth: word.depth, item: { number: word.number } } : {};
    }

    table(element, context) {
      const grid = cells.gridOf(element);
      const isLayout = grid.length === 1 && grid[0].length === 1;
      if (context.inCell) this.nested(grid, context);
      else if (isLayout) this.ownLine(grid[0][0], context, {});
      else if (grid.length) this.rows(element, grid);
    }

    nested(grid, context) {
      for (const cell of grid.flat().filter(Boolean)) {
        this.say(' ', context);
        this.walk(cell, context);
      }
    }

    rows(element, grid) {
      const table = { header: cells.headerOf(grid), caption: [], cells: [] };
      this.tables.push(table);
      this.notes.add('table');
      if (element.caption) table.caption = this.row(table, [element.caption])[0];
      table.cells = grid.map((row) => this.row(table, row));
    }

    // The pieces of each cell; the line holds them all.
    row(table, elements) {
      this.begin();
      Object.assign(this.line, { table });
      const { pieces } = this.line;
      const read = elements.map((cell, at) => {
        if (at) pieces.push({ text: ' | ', styles: new Set(), href: '' });
        const from = pieces.length;
        if (cell) this.walk(cell, { ...BARE, inCell: true, styles: new Set(cell.tagName === 'TH' ? ['BOLD'] : []) });
        while (pieces.length > from && isBlank(pieces[pieces.length - 1])) pieces.pop();
        return pieces.slice(from);
      });
      this.end();
      return read;
    }

    // The lines of the notes, each as one line: they follow the rest.
    noteLines(notes) {
      return notes.filter(({ element }) => element).map((note) => {
        this.begin();
        this.walk(note.element, { ...BARE, inCell: true });
        const { line } = this;
        this.end();
        this.lines.pop();
        return Object.assign(line, { note });
      });
    }
  }

  // Typed numbers of a typed list become marks, as links would.
  const markTyped = (line, notes) => {
    line.pieces = line.pieces.flatMap((piece) => {
      const parts = [];
      let from = 0;
      for (const found of piece.text.matchAll(footnotes.NUMBER_LIST)) {
        parts.push({ ...piece, text: `${piece.text.slice(from, found.index).trimEnd()} ` });
        parts.push(...footnotes.numbersOf(found[1]).map((number) => ({ text: '', styles: new Set(), href: '', note: notes[number - 1] })));
        from = found.index + found[0].length;
      }
      return from ? [...parts, { ...piece, text: piece.text.slice(from) }] : [piece];
    });
  };
  const readTyped = (lines) => {
    const list = footnotes.typedList(lines);
    if (!list) return null;
    const notes = list.items.map((line, at) => ({
      sign: String(at + 1), element: true, search: [footnotes.wordsOf(line), ...line.pieces.map(({ href }) => href)].filter(Boolean).join('\n'),
    }));
    list.body.forEach((line) => markTyped(line, notes));
    return { notes, body: list.body, lines: list.items.map((line, at) => Object.assign(line, PLAIN, { note: notes[at], number: 0 })) };
  };

  // Each note has a number that the field does not use yet: its own, or the lowest that is free.
  const numberNotes = (notes, taken) => {
    const used = new Set(taken);
    for (const note of notes) {
      let number = Number(note.sign) || 0;
      if (!number || used.has(number)) for (number = 1; used.has(number);) number += 1;
      used.add(number);
      note.number = number;
    }
  };
  const sayMarks = (pieces) => pieces.forEach((piece, at) => {
    if (piece.note) piece.text = `${pieces[at - 1]?.note ? ' ' : ''}(note ${piece.note.number})`;
  });

  const tableOf = (table, kept) => ({
    header: table.header,
    caption: made.plainPieces(table.caption),
    cells: table.cells.map((row) => row.map(made.plainPieces)),
    lines: kept.flatMap((line, at) => (line.table === table ? [at] : [])),
    notes: [...new Set(table.cells.flat(2).map(({ note }) => note?.number).filter(Boolean))],
  });

  // {blocks, entityMap} as Draft.js stores them; `notes`, what the editor says; `tables` and `footnotes` with the places
  // of their lines in `blocks`. `taken` are numbers of notes that the field already holds.
  const read = (html, taken = []) => {
    const { body } = new DOMParser().parseFromString(html, 'text/html');
    const reader = new Reader(body);
    const typed = reader.footnotes.notes.length ? null : readTyped(reader.lines);
    const notes = typed ? typed.notes : reader.footnotes.notes;
    const lines = typed ? [...typed.body, ...typed.lines] : [...reader.lines, ...reader.noteLines(notes)];
    numberNotes(notes, taken);
    lines.forEach((line) => sayMarks(line.pieces));
    lines.filter(({ note }) => note).forEach((line) => line.pieces.unshift({ text: `Note ${line.note.number}: `, styles: new Set(), href: '' }));
    if (made.mendLists(lines)) reader.notes.add('list');
    const { blocks, entityMap, kept } = made.store(lines);
    return {
      blocks,
      entityMap,
      notes: [...reader.notes],
      tables: reader.tables.map((table) => tableOf(table, kept)),
      footnotes: notes.map((note) => ({ number: note.number, search: note.search || '', line: kept.findIndex((line) => line.note === note) })),
    };
  };

  window.vettedPaste = { ...window.vettedPaste, read, asPlainText: made.asPlainText };
})();
