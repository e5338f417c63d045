// What rich text has beside Wagtail's links: the citation, and the link to a section of the same article.
// A citation's source is chosen in Wagtail's snippet chooser; numbers are given at render time. A click on it asks how
// the source supports the claim. Until somebody chooses, the citation does not say.
(() => {
  const { React, draftail } = window;

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  // Asks in a dialog; calls `done` with the value of the button, "" if it was closed.
  const ask = (title, fields, actions, done) => {
    const buttons = [...actions, ['', 'Cancel']].map(([value, textContent], at) =>
      element('button', { type: 'submit', value, className: at ? 'button button-secondary' : 'button', textContent }));
    const dialog = element('dialog', { className: 'vetted-dialog', ariaLabel: title },
      element('form', { method: 'dialog' }, element('h2', { textContent: title }), ...fields, element('div', {}, ...buttons)));
    dialog.addEventListener('close', () => {
      dialog.remove();
      done(dialog.returnValue);
    });
    document.body.append(dialog);
    dialog.showModal();
  };

  const choice = (name, options, chosen) => element('select', { name }, ...options.map(([value, label]) =>
    element('option', { value, textContent: label, selected: value === chosen })));

  // Calls `save({support, locator})`, or `close()` without a choice.
  const askSupport = (data, supports, save, close) => {
    const support = choice('support', [['', 'Not stated'], ...supports], data.support || '');
    const locator = element('input', { name: 'locator', type: 'text', maxLength: 80, value: data.locator || '' });
    const fields = [
      element('label', {}, 'How the source supports the claim', support),
      element('label', {}, 'Where in the source, for example p. 3', locator),
    ];
    ask('Citation', fields, [['save', 'Save']], (answer) => {
      if (answer === 'save') save({ support: support.value, locator: locator.value.trim() });
      else close();
    });
  };

  // [[id of the block, heading]] of the article's sections as they stand in the form, saved or not.
  const sections = () => {
    const field = (number, name) => document.querySelector(`[name="body-${number}-${name}"]`)?.value || '';
    return [...document.querySelectorAll('input[name^="body-"][name$="-id"]')]
      .map((input) => [input, input.name.match(/^body-(\d+)-id$/)?.[1]])
      .filter(([input, number]) => number && input.value && field(number, 'deleted') !== '1')
      .sort(([, one], [, other]) => field(one, 'order') - field(other, 'order'))
      .map(([input, number]) => [input.value, field(number, 'value-heading').trim()])
      .filter(([, heading]) => heading);
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
      askSupport(entity.getData(), entityType.supports, save, onClose);
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

  // A link to a section: on the selected words, or, where none are, on the section's heading.
  class AnchorSource extends React.Component {
    componentDidMount() {
      const { entity, entityKey, editorState, onComplete, onClose } = this.props;
      const listed = sections();
      const section = choice('section', listed, entity?.getData().section);
      const fields = listed.length
        ? [element('label', {}, 'The section that the link leads to', section)]
        : [element('p', { textContent: 'No section has a heading. Give the section a heading first.' })];
      const actions = [...(listed.length ? [['save', 'Save']] : []), ...(entity ? [['remove', 'Remove link']] : [])];
      ask('Link to a section', fields, actions, (answer) => {
        const { EditorState, Modifier } = window.DraftJS;
        if (!answer) { onClose(); return; }
        let content = editorState.getCurrentContent();
        let place = editorState.getSelection();
        if (entity) place = placeOf(entityKey, content, place);
        let key = null;
        if (answer === 'save') {
          content = content.createEntity('ANCHOR', 'MUTABLE', { section: section.value });
          key = content.getLastCreatedEntityKey();
        }
        const changed = place.isCollapsed()
          ? Modifier.insertText(content, place, section.selectedOptions[0].textContent, undefined, key)
          : Modifier.applyEntity(content, place, key);
        onComplete(EditorState.push(editorState, changed, 'apply-entity'));
      });
    }

    render() { return null; }
  }

  const Anchor = ({ contentState, entityKey, onEdit, children }) => {
    const { section } = contentState.getEntity(entityKey).getData();
    const heading = sections().find(([id]) => id === section)?.[1];
    const title = `${heading ? `Link to the section “${heading}”` : 'Link to a section that is not there'}. Click to change.`;
    const onMouseUp = () => onEdit(entityKey);
    return React.createElement('span', { className: 'vetted-anchor', role: 'button', title, onMouseUp }, children);
  };

  draftail.registerPlugin({ type: 'CITATION', source: CitationSource, decorator: Citation }, 'entityTypes');
  draftail.registerPlugin({ type: 'ANCHOR', source: AnchorSource, decorator: Anchor }, 'entityTypes');
})();
