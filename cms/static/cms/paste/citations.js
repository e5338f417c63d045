// Footnotes that name a source of the library become citations of it; the others stay as words. Used by editor.js.
(() => {
  const MOST = 200; // notes that one request asks for
  const markOf = (number) => new RegExp(`\\s?\\(note ${number}\\)`);

  // [[{id, title}]], one list for each footnote; empty where it names no source of the library.
  const find = async (footnotes, url) => {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-CSRFToken': window.wagtailConfig.CSRF_TOKEN },
      body: JSON.stringify({ notes: footnotes.slice(0, MOST).map(({ search }) => search) }),
    });
    if (!answer.ok) throw new Error(`The library answered ${answer.status}.`);
    return (await answer.json()).sources;
  };

  const createCitation = (content, sources) => {
    const data = { sources: sources.map(({ id }) => id).join(','), support: '', locator: '' };
    return content.createEntity('CITATION', 'IMMUTABLE', data);
  };

  // Numbers of notes are unique in a field, so that a mark is found wherever the author moved it.
  const citeMarks = (before, number, sources) => {
    const { Modifier, SelectionState } = window.DraftJS;
    let content = before;
    for (const key of before.getBlockMap().keySeq()) {
      for (let found; (found = markOf(number).exec(content.getBlockForKey(key).getText()));) {
        const place = SelectionState.createEmpty(key).merge({ anchorOffset: found.index, focusOffset: found.index + found[0].length });
        content = createCitation(content, sources);
        content = Modifier.replaceText(content, place, '[source]', undefined, content.getLastCreatedEntityKey());
      }
    }
    return content;
  };

  // The caret keeps its distance from the end of its line; where its line goes, it comes to the end of the line before.
  const keepCaret = (selection, before, after) => {
    const key = selection.getEndKey();
    const [was, is] = [before.getBlockForKey(key), after.getBlockForKey(key)];
    const at = (block, offset) => selection.merge({
      anchorKey: block.getKey(), focusKey: block.getKey(), anchorOffset: offset, focusOffset: offset, isBackward: false,
    });
    if (is && was.getText() === is.getText() && after.getBlockForKey(selection.getStartKey())) return selection;
    if (is) return at(is, Math.max(0, is.getLength() - (was.getLength() - selection.getEndOffset())));
    const left = before.getBlockMap().keySeq().takeUntil((each) => each === key).reverse().find((each) => after.getBlockForKey(each));
    const block = left ? after.getBlockForKey(left) : after.getFirstBlock();
    return at(block, block.getLength());
  };

  const dropLines = (content, keys) => content.merge({ blockMap: content.getBlockMap().filter((_, key) => !keys.includes(key)) });

  // Changes the text without a step of its own for Undo: it belongs to the paste.
  const change = (editorState, made) => {
    const { EditorState } = window.DraftJS;
    const before = editorState.getCurrentContent();
    const caret = keepCaret(editorState.getSelection(), before, made);
    const content = made.merge({ selectionBefore: caret, selectionAfter: caret });
    const changed = EditorState.push(EditorState.set(editorState, { allowUndo: false }), content, 'apply-entity');
    return EditorState.set(changed, { allowUndo: true });
  };

  // `cited` are [footnote, sources]; `keys` those of the pasted lines. A heading over notes that are all citations goes.
  const cite = (editorState, cited, { keys, blocks, footnotes }) => {
    const before = editorState.getCurrentContent();
    const content = cited.reduce((made, [{ number }, sources]) => citeMarks(made, number, sources), before);
    const written = footnotes.filter(({ line }) => line >= 0);
    const lines = cited.map(([{ line }]) => line).filter((line) => line >= 0);
    const over = Math.min(...written.map(({ line }) => line)) - 1;
    if (written.length && lines.length === written.length && blocks[over]?.type.startsWith('header')) lines.push(over);
    const isAsPasted = (line) => before.getBlockForKey(keys[line])?.getText() === blocks[line].text;
    return change(editorState, dropLines(content, lines.filter(isAsPasted).map((line) => keys[line])));
  };

  window.vettedPaste = { ...window.vettedPaste, citations: { change, cite, dropLines, find, markOf } };
})();
