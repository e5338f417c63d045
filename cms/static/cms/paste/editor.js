// The paste of a rich text field, from the pasted HTML to the note under the field.
(() => {
  const { NOTES, tell, read, asPlainText, citations, tableSection } = window.vettedPaste;
  const EMPTY = { text: '', type: 'unstyled', depth: 0, inlineStyleRanges: [], entityRanges: [] };
  const OUR_OWN = 'data-draftjs-conductor-fragment'; // copied from such a field: Draftail keeps all of it

  const count = (number, one, many) => (number === 1 ? `1 ${one}` : `${number} ${many}`);
  const numbersIn = (content) => [...content.getPlainText().matchAll(/\(note (\d+)\)|^Note (\d+):/gm)].map((found) => Number(found[1] || found[2]));

  // Whole lines stay lines: an empty one keeps them apart from the words before and after the cursor.
  const apart = (blocks, editorState) => {
    if (blocks.length === 1 && blocks[0].type === 'unstyled' && !blocks[0].text.includes(' | ')) return [[], []];
    const selection = editorState.getSelection();
    const isAfterWords = selection.getStartOffset() > 0;
    const isBeforeWords = selection.getEndOffset() < editorState.getCurrentContent().getBlockForKey(selection.getEndKey()).getLength();
    return [isAfterWords ? [EMPTY] : [], isBeforeWords ? [EMPTY] : []];
  };

  // What the field allows of it: other lines are paragraphs, other marks and links are words.
  const allowed = (pasted, { blockTypes, inlineStyles, entityTypes }) => {
    const has = (list, name) => list.some(({ type }) => type === name);
    const blocks = pasted.blocks.map((block) => ({
      ...block,
      ...(has(blockTypes, block.type) ? {} : { type: 'unstyled', depth: 0 }),
      inlineStyleRanges: block.inlineStyleRanges.filter(({ style }) => has(inlineStyles, style)),
      entityRanges: has(entityTypes, 'LINK') ? block.entityRanges : [],
    }));
    return { ...pasted, blocks };
  };

  // {changed, keys}: the state with the pasted lines, and the key of each.
  const insert = (editorState, { blocks, entityMap }) => {
    const { EditorState, Modifier, convertFromRaw } = window.DraftJS;
    const [before, after] = apart(blocks, editorState);
    const selection = editorState.getSelection();
    const fragment = convertFromRaw({ blocks: [...before, ...blocks, ...after], entityMap }).getBlockMap();
    const content = Modifier.replaceWithFragment(editorState.getCurrentContent(), selection, fragment);
    const keys = content.getBlockMap().keySeq().skipUntil((key) => key === selection.getStartKey()).slice(before.length);
    return { changed: EditorState.push(editorState, content, 'apply-entity'), keys: keys.take(blocks.length).toArray() };
  };

  class Paste {
    constructor(pasted, { editorState, field }) {
      Object.assign(this, pasted, { field, sections: [], cited: [], state: '' });
      const { changed, keys } = insert(editorState, pasted);
      this.keys = keys;
      this.setEditorState(changed);
      if (!pasted.notes.length && !pasted.footnotes.length) return;
      this.why = pasted.tables.length ? tableSection.whyNot(field, pasted.tables.length) : '';
      this.box = tell(field.parentNode.querySelector('.Draftail-Editor'), () => this.undo(editorState));
      if (pasted.tables.length && !this.why) this.offerSections();
      if (pasted.footnotes.length) this.cite();
      this.say();
    }

    getEditorState() { return this.field.draftailEditor.getEditorState(); }
    setEditorState(editorState) { this.field.draftailEditor.onChange(editorState); }

    undo(editorState) {
      tableSection.remove(this.sections);
      this.setEditorState(editorState);
      this.isUndone = true;
    }

    offerSections() {
      const words = this.tables.length === 1 ? 'Make a Table section' : `Make ${this.tables.length} Table sections`;
      this.box.offer(words, () => this.makeSections());
    }

    async cite() {
      const type = this.field.draftailEditor?.props.entityTypes.find(({ type: name }) => name === 'CITATION');
      if (!type) { this.state = 'impossible'; return; }
      this.state = 'searching';
      try {
        const sources = await citations.find(this.footnotes, type.namedUrl);
        this.cited = this.footnotes.map((note, at) => [note, sources[at] || []]).filter(([, found]) => found.length);
        this.state = 'done';
      } catch { this.state = 'failed'; }
      if (this.isUndone) return;
      if (this.cited.length) this.setEditorState(citations.cite(this.getEditorState(), this.cited, this));
      this.say();
    }

    sourcesOf(note) { return this.cited.find(([each]) => each === note)?.[1] || []; }
    wordsOf({ line, number }) { return line < 0 ? '' : asPlainText({ blocks: [this.blocks[line]] }).slice(`Note ${number}: `.length); }

    // The lines of a table go only while they are as they were pasted; their marks may have become citations.
    makeSections() {
      const content = this.getEditorState().getCurrentContent();
      const bare = (text) => text.replace(/\s?\(note \d+\)|\[source\]/g, '');
      const lines = this.tables.flatMap((table) => table.lines);
      const isAsPasted = (line) => bare(content.getBlockForKey(this.keys[line])?.getText() ?? '') === bare(this.blocks[line].text);
      const notes = this.footnotes.map((note) => ({ number: note.number, words: this.wordsOf(note), sources: this.sourcesOf(note) }));
      this.sections = tableSection.insert(this.field, this.tables, notes);
      this.areLinesKept = !lines.every(isAsPasted);
      if (!this.areLinesKept) this.setEditorState(citations.change(this.getEditorState(), this.without(content, lines)));
      this.say();
    }

    // A field always has a line.
    without(content, lines) {
      const keys = lines.map((line) => this.keys[line]);
      if (content.getBlockMap().size > keys.length) return citations.dropLines(content, keys);
      const { Modifier } = window.DraftJS;
      const [first, last] = [content.getFirstBlock(), content.getLastBlock()];
      const all = this.getEditorState().getSelection().merge({
        anchorKey: first.getKey(), anchorOffset: 0, focusKey: last.getKey(), focusOffset: last.getLength(), isBackward: false,
      });
      return Modifier.removeRange(content, all, 'forward');
    }

    say() {
      const told = this.notes.filter((note) => note !== 'table' || !this.sections.length).map((note) => NOTES[note]);
      const list = this.footnotes.filter((note) => this.wordsOf(note) || this.sourcesOf(note).length).map((note) => this.fateOf(note));
      this.box.say([...told, ...this.tableWords(), ...this.footnoteWords()], this.state === 'searching' ? [] : list);
    }

    tableWords() {
      if (!this.sections.length) return this.why ? [this.why] : [];
      const made = `The pasted ${this.tables.length === 1 ? 'table is' : 'tables are'} now in ${count(this.sections.length, 'Table section', 'Table sections')} below this section.`;
      const head = this.tables.some(({ header }) => !header) ? ['Choose its header row or column there.'] : [];
      return [made, ...head, ...(this.areLinesKept ? ['The lines stay, because you changed them.'] : [])];
    }

    footnoteWords() {
      if (!this.footnotes.length) return [];
      if (this.state === 'searching') return [`The library is being searched for the sources of ${count(this.footnotes.length, 'footnote', 'footnotes')}.`];
      const cited = this.cited.length;
      const kept = this.footnotes.filter((note) => note.line >= 0 && !this.sourcesOf(note).length).length;
      const missing = this.footnotes.filter((note) => note.line < 0 && !this.sourcesOf(note).length).map(({ number }) => `“(note ${number})”`);
      return [
        ...(this.state === 'failed' ? ['The library could not be searched.'] : []),
        ...(this.state === 'impossible' ? ['This field takes no citations.'] : []),
        ...(cited ? [`${count(cited, 'footnote became a citation', 'footnotes became citations')}. Click a citation to say how its source supports the claim.`] : []),
        ...(kept ? [`${count(kept, 'footnote names', 'footnotes name')} no source that is cited here; the words follow what you pasted.`] : []),
        ...(missing.length ? [`The footnotes marked ${missing.join(', ')} were not among what you pasted.`] : []),
      ];
    }

    fateOf(note) {
      const titles = this.sourcesOf(note).map(({ title }) => `“${title}”`).join(' and ');
      return `Note ${note.number}${titles ? ` cites ${titles}` : ''}${this.wordsOf(note) ? `: ${this.wordsOf(note)}` : ''}`;
    }
  }

  // Before Draftail: its own ways to read a paste make links of addresses and lists of lines like “3. Rinse”, and then
  // lose superscripts and numbers.
  const listen = (event) => {
    const wrapper = event.target.closest?.('.Draftail-Editor__wrapper');
    const field = wrapper && [...wrapper.parentNode.children].find(({ draftailEditor }) => draftailEditor);
    const html = event.clipboardData?.getData('text/html');
    if (!field || !html || html.includes(OUR_OWN)) return;
    const editorState = field.draftailEditor.getEditorState();
    const pasted = allowed(read(html, numbersIn(editorState.getCurrentContent())), field.draftailEditor.props);
    if (!pasted.blocks.length) return;
    event.preventDefault();
    event.stopPropagation();
    new Paste(pasted, { editorState, field });
  };

  window.draftail.registerPlugin({ type: 'vetted-paste' }, 'plugins');
  if (!window.vettedPaste.listens) document.addEventListener('paste', listen, true);
  window.vettedPaste.listens = true;
})();
