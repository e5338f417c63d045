// Citations in running text: a chip with the names of the sources and the numbers that readers will get.
(() => {
  const { React, draftail } = window;
  const { cite, labelOf, labelsOf, said } = window.vettedCiting;
  const idsOf = (data) => (data.sources || '').split(',').map((id) => id.trim()).filter(Boolean);

  // [{source, support, locator, quote}]; older citations say the same of all their sources.
  const rowsOf = (data) => {
    let own = {};
    try { own = JSON.parse(data.said || '{}'); } catch { /* nobody's words: the shared ones count */ }
    const shared = { support: data.support || '', locator: data.locator || '', quote: '' };
    return idsOf(data).map((source) => ({ source, ...shared, ...own[source] }));
  };

  // A source stands once in a citation of running text.
  const dataOf = (rows) => {
    const own = new Map();
    rows.forEach(({ source, support, locator, quote }) => own.has(source) || own.set(source, { support, locator, quote }));
    return { sources: [...own.keys()].join(','), support: '', locator: '', said: JSON.stringify(Object.fromEntries(own)) };
  };

  const nameOf = (ids) => ids.map((id) => labelOf(id).short).join('; ');

  // The selection of all characters of the entity; a click has moved the editor's own selection.
  const placeOf = (entityKey, content, selection) => {
    let place = selection;
    content.getBlockMap().forEach((block, key) => block.findEntityRanges(
      (character) => character.getEntity() === entityKey,
      (anchorOffset, focusOffset) => {
        place = selection.merge({ anchorKey: key, focusKey: key, anchorOffset, focusOffset, isBackward: false });
      },
    ));
    return place;
  };

  // New: the chooser, then the dialog. A click on one that is there: the dialog.
  class CitationSource extends React.Component {
    componentDidMount() {
      const { entity, entityType, onClose } = this.props;
      cite(entity ? rowsOf(entity.getData()) : [], 0, entityType, (rows) => (rows ? this.save(rows) : onClose()));
    }

    // Behind what is selected, since a citation never takes the place of words; or in the place of the old citation.
    // The selection ends behind it: what is typed next does not replace it.
    save(rows) {
      const { editorState, entity, entityKey, onComplete } = this.props;
      const { EditorState, Modifier } = window.DraftJS;
      const selection = editorState.getSelection();
      const at = selection.merge({
        anchorKey: selection.getEndKey(), anchorOffset: selection.getEndOffset(),
        focusKey: selection.getEndKey(), focusOffset: selection.getEndOffset(), isBackward: false,
      });
      const before = editorState.getCurrentContent();
      const place = entity ? placeOf(entityKey, before, selection) : at;
      let cited = Modifier.removeRange(before, place, 'backward');
      if (rows.length) {
        const content = before.createEntity('CITATION', 'IMMUTABLE', dataOf(rows));
        const words = `[${nameOf(idsOf(dataOf(rows)))}]`;
        cited = Modifier.replaceText(content, place, words, undefined, content.getLastCreatedEntityKey());
      }
      const pushed = EditorState.push(editorState, cited, 'insert-characters');
      onComplete(EditorState.acceptSelection(pushed, cited.getSelectionAfter()));
    }

    render() { return null; }
  }

  // “Pasricha 2021” and its number; the whole reference and what was said of it when the pointer rests on it. What is
  // stored may say another name, or only “[1]”: then the name of today stands in its place.
  class Citation extends React.Component {
    componentDidMount() {
      this.isThere = true;
      labelsOf(idsOf(this.data())).then(() => this.isThere && this.forceUpdate());
    }

    componentWillUnmount() { this.isThere = false; }

    data() {
      const { contentState, entityKey } = this.props;
      return contentState.getEntity(entityKey).getData();
    }

    render() {
      const { entityKey, onEdit, children, decoratedText } = this.props;
      const lines = rowsOf(this.data()).map((row) => `${labelOf(row.source).reference}, ${said(row)}`);
      const ids = idsOf(this.data());
      const name = `[${nameOf(ids)}]`;
      return React.createElement('sup', {
        className: 'vetted-citation',
        role: 'button',
        title: [...lines, 'Click to change.'].join('\n'),
        'data-cites': ids.join(','),
        'data-name': decoratedText === name ? undefined : name,
        onMouseUp: () => onEdit(entityKey),
      }, children);
    }
  }

  // Ctrl+Alt+F, as for a footnote in Word and Google Docs; not where AltGr writes a sign.
  const onKey = ({ altKey, ctrlKey, metaKey, nativeEvent }) => {
    const isShortcut = nativeEvent.code === 'KeyF' && altKey && (ctrlKey || metaKey);
    return isShortcut && !nativeEvent.getModifierState('AltGraph') ? 'CITATION' : undefined;
  };

  draftail.registerPlugin({ type: 'CITATION', source: CitationSource, decorator: Citation }, 'entityTypes');
  draftail.registerPlugin({ type: 'vetted-cite', keyBindingFn: onKey }, 'plugins');
  window.vettedCiting.placeOf = placeOf;
})();
