// The citation in rich text: its source is chosen in Wagtail's snippet chooser; numbers are given at render time.
(() => {
  const { React, draftail } = window;

  class CitationSource extends draftail.ModalWorkflowSource {
    getChooserConfig() {
      return {
        url: this.props.entityType.chooserUrl,
        urlParams: {},
        onload: new window.ChooserModalOnloadHandlerFactory({ chosenResponseName: 'chosen' }).getOnLoadHandlers(),
        responses: { chosen: this.onChosen },
      };
    }

    // Stands behind what is selected: a citation never takes the place of words.
    onChosen(data) {
      const { editorState, onComplete } = this.props;
      const { EditorState, Modifier } = window.DraftJS;
      const selection = editorState.getSelection();
      const [key, offset] = [selection.getEndKey(), selection.getEndOffset()];
      const behind = selection.merge({ anchorKey: key, anchorOffset: offset, focusKey: key, focusOffset: offset, isBackward: false });
      const fields = { sources: String(data.id), support: 'direct', locator: '' };
      const content = editorState.getCurrentContent().createEntity('CITATION', 'IMMUTABLE', fields);
      const cited = Modifier.insertText(content, behind, '[source]', undefined, content.getLastCreatedEntityKey());
      this.workflow.close(); // first: onComplete takes this component away
      onComplete(EditorState.push(editorState, cited, 'insert-characters'));
    }
  }

  const Citation = ({ contentState, entityKey, children }) => {
    const { sources, locator } = contentState.getEntity(entityKey).getData();
    const title = `Citation of source ${sources}${locator ? `, ${locator}` : ''}`;
    return React.createElement('sup', { className: 'vetted-citation', title }, children);
  };

  draftail.registerPlugin({ type: 'CITATION', source: CitationSource, decorator: Citation }, 'entityTypes');
})();
