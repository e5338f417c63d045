// The link to a section of the same article.
(() => {
  const { React, draftail } = window;
  const { ask, choice, element, placeOf } = window.vettedCiting;

  // [id of the block, heading] of a section as it stands in the form, saved or not.
  const SECTIONS = '#body-root > [data-streamfield-stream-container] > [data-streamfield-child]:not([aria-hidden="true"])';
  const named = (section) => [section.dataset.contentpath, section.querySelector('[name$="-value-heading"]')?.value.trim() || ''];
  const sections = () => [...document.querySelectorAll(SECTIONS)].map(named).filter(([id, heading]) => id && heading);

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
    const found = document.getElementById(`block-${section}-section`)?.closest(SECTIONS); // on each key: not all sections
    const heading = found && named(found)[1];
    const title = `${heading ? `Link to the section “${heading}”` : 'Link to a section that is not there'}. Click to change.`;
    const onMouseUp = () => onEdit(entityKey);
    return React.createElement('span', { className: 'vetted-anchor', role: 'button', title, onMouseUp }, children);
  };

  draftail.registerPlugin({ type: 'ANCHOR', source: AnchorSource, decorator: Anchor }, 'entityTypes');
})();
