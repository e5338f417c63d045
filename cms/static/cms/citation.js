// The citation in rich text: its source is chosen in Wagtail's snippet chooser; numbers are given at render time.
// A click on a citation asks how the source supports the claim. Until somebody chooses, the citation does not say.
(() => {
  const { React, draftail } = window;

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  // Calls `save({support, locator})`, or `close()` without a choice.
  const ask = (data, supports, save, close) => {
    const options = [['', 'Not stated'], ...supports].map(([value, label]) =>
      element('option', { value, textContent: label, selected: value === (data.support || '') }));
    const support = element('select', { name: 'support' }, ...options);
    const locator = element('input', { name: 'locator', type: 'text', maxLength: 80, value: data.locator || '' });
    const dialog = element('dialog', { className: 'vetted-citation-dialog', ariaLabel: 'Citation' },
      element('form', { method: 'dialog' },
        element('h2', { textContent: 'Citation' }),
        element('label', {}, 'How the source supports the claim', support),
        element('label', {}, 'Where in the source, for example p. 3', locator),
        element('div', {},
          element('button', { type: 'submit', value: 'save', className: 'button', textContent: 'Save' }),
          element('button', { type: 'submit', value: '', className: 'button button-secondary', textContent: 'Cancel' }))));
    dialog.addEventListener('close', () => {
      dialog.remove();
      if (dialog.returnValue === 'save') save({ support: support.value, locator: locator.value.trim() });
      else close();
    });
    document.body.append(dialog);
    dialog.showModal();
  };

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

  class CitationSource extends draftail.ModalWorkflowSource {
    componentDidMount() {
      const { entity, entityKey, entityType, editorState, onComplete, onClose } = this.props;
      if (!entity) {
        super.componentDidMount();
        return;
      }
      // A new entity takes the place of the old one, so that the editor draws it anew.
      const save = (fields) => {
        const { EditorState, Modifier } = window.DraftJS;
        const data = { ...entity.getData(), ...fields };
        const content = editorState.getCurrentContent().createEntity('CITATION', 'IMMUTABLE', data);
        const key = content.getLastCreatedEntityKey();
        const changed = Modifier.applyEntity(content, placeOf(entityKey, content, editorState.getSelection()), key);
        onComplete(EditorState.push(editorState, changed, 'apply-entity'));
      };
      ask(entity.getData(), entityType.supports, save, onClose);
    }

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
      const fields = { sources: String(data.id), support: '', locator: '' };
      const content = editorState.getCurrentContent().createEntity('CITATION', 'IMMUTABLE', fields);
      const cited = Modifier.insertText(content, behind, '[source]', undefined, content.getLastCreatedEntityKey());
      this.workflow.close(); // first: onComplete takes this component away
      onComplete(EditorState.push(editorState, cited, 'insert-characters'));
    }
  }

  const Citation = ({ contentState, entityKey, onEdit, children }) => {
    const { sources, support, locator } = contentState.getEntity(entityKey).getData();
    const how = support ? `, support: ${support}` : ', support not stated';
    const title = `Citation of source ${sources}${how}${locator ? `, ${locator}` : ''}. Click to change.`;
    const onMouseUp = () => onEdit(entityKey);
    return React.createElement('sup', { className: 'vetted-citation', role: 'button', title, onMouseUp }, children);
  };

  draftail.registerPlugin({ type: 'CITATION', source: CitationSource, decorator: Citation }, 'entityTypes');
})();
