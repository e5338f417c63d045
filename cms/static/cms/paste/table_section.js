// A pasted table becomes a Table section behind the section that it was pasted into. Used by editor.js.
(() => {
  const IN_A_SECTION = /^(.+)-(\d+)-value-text$/;

  // {stream, section} of a field that is the text of a section; null for fields inside lists, offers and disclaimers.
  const placeOf = (field) => {
    const [, name, number] = IN_A_SECTION.exec(field.name) || [];
    const stream = name && document.getElementById(`${name}-root`)?.rootBlock;
    const section = stream && stream.children.find(({ prefix }) => prefix === `${name}-${number}`);
    return section && stream.blockDef.childBlockDefsByName?.table ? { stream, section } : null;
  };
  const whyNot = (field, count) => {
    const place = placeOf(field);
    if (!place) return 'It stays as lines, because no Table section can stand at this place.';
    const most = place.stream.getBlockMax();
    return most && place.stream.getBlockCount() + count > most ? 'It stays as lines, because the article has no room for more sections.' : '';
  };

  const valueOf = ({ cells, caption, header }) => {
    const width = Math.max(...cells.map((row) => row.length));
    return {
      data: cells.map((row) => Array.from({ length: width }, (_, at) => row[at] ?? '')),
      cell: [],
      mergeCells: [],
      first_row_is_table_header: header === 'row' || header === 'both',
      first_col_is_header: header === 'column' || header === 'both',
      table_header_choice: header,
      table_caption: caption,
    };
  };

  // Cells are plain text, so that what their notes say or cite is the section's text.
  const textOf = (notes) => {
    const cited = notes.filter(({ sources }) => sources.length);
    const entityMap = Object.fromEntries(cited.map(({ sources }, at) => [at, {
      type: 'CITATION', mutability: 'IMMUTABLE', data: { sources: sources.map(({ id }) => id).join(','), support: '', locator: '' },
    }]));
    const blocks = notes.map(({ number, words, sources }) => {
      const said = `Note ${number}: ${sources.length ? sources.map(({ title }) => title).join('; ') : words}`;
      const range = { offset: said.length, length: '[source]'.length, key: cited.findIndex((note) => note.number === number) };
      return {
        key: `note${number}`, text: sources.length ? `${said}[source]` : said, type: 'unstyled', depth: 0, data: {},
        inlineStyleRanges: [], entityRanges: sources.length ? [range] : [],
      };
    });
    return { blocks, entityMap };
  };

  // The sections that were made, in order.
  const insert = (field, tables, notes) => {
    const { stream, section } = placeOf(field);
    return tables.map((table, at) => {
      const value = { ...structuredClone(stream.blockDef.initialChildStates.table), table: valueOf(table) };
      const own = notes.filter(({ number }) => table.notes.includes(number));
      if (own.length) value.text = JSON.stringify(textOf(own));
      return stream.insert({ type: 'table', value }, section.index + 1 + at, { animate: false, focus: false });
    });
  };
  const remove = (sections) => sections.filter((each) => each.sequence.children.includes(each)).forEach((each) => each.delete({ animate: false }));

  window.vettedPaste = { ...window.vettedPaste, tableSection: { insert, remove, whyNot } };
})();
