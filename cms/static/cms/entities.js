// What rich text has beside Wagtail's links: the citation, and the link to a section of the same article.
// A citation names one or more sources, chosen in Wagtail's snippet chooser; a dialog asks how each supports the claim,
// where, and in which words. Until somebody chooses, the citation does not say. Readers get numbers in its place.
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

  // {id: {short, reference}} of sources, each asked for once; all that are asked for in one turn go in one request.
  const LABELS = `${window.wagtailConfig.ADMIN_URLS.PAGES}../sources/labels/`;
  const labels = new Map();
  let asking = null;
  const labelsOf = (ids) => {
    ids.filter((id) => !labels.has(id)).forEach((id) => labels.set(id, null));
    asking ||= Promise.resolve().then(async () => {
      asking = null;
      const wanted = [...labels].filter(([, label]) => !label).map(([id]) => id);
      const found = wanted.length ? await fetch(`${LABELS}?ids=${wanted.join(',')}`).then((answer) => answer.ok ? answer.json() : {}, () => ({})) : {};
      wanted.forEach((id) => (found[id] ? labels.set(id, found[id]) : labels.delete(id)));
    });
    return asking;
  };
  const labelOf = (id) => labels.get(id) || { short: `source ${id}`, reference: `Source ${id}` };

  const idsOf = (data) => (data.sources || '').split(',').map((id) => id.trim()).filter(Boolean);

  // {id: {support, locator, quote}} of a citation's sources; older citations say the same of all.
  const saidOf = (data) => {
    let said = {};
    try { said = JSON.parse(data.said || '{}'); } catch { /* nobody's words: the shared ones count */ }
    const shared = { support: data.support || '', locator: data.locator || '', quote: '' };
    return Object.fromEntries(idsOf(data).map((id) => [id, { ...shared, ...said[id] }]));
  };

  const dataOf = (ids, said) => ({
    sources: ids.join(','), support: '', locator: '', said: JSON.stringify(Object.fromEntries(ids.map((id) => [id, said[id]]))),
  });

  const standIn = (ids) => `[${ids.map((id) => labelOf(id).short).join('; ')}]`;

  const nothing = { support: '', locator: '', quote: '' };

  // The fields of one source, under its name.
  const fieldsOf = (id, how, { supports, longest }) => {
    const kept = (name, field) => {
      field.addEventListener('input', () => { how[name] = field.value; });
      return field;
    };
    return element('fieldset', {},
      element('legend', { textContent: labelOf(id).reference }),
      element('label', {}, 'How it supports the claim', kept('support', choice('support', [['', 'Not stated'], ...supports], how.support))),
      element('label', {}, 'Where in the source, for example p. 3', kept('locator', element('input', { name: 'locator', type: 'text', maxLength: longest.locator, value: how.locator }))),
      element('label', {}, 'The sentence in the source that supports it', kept('quote', element('textarea', { name: 'quote', rows: 3, maxLength: longest.quote, value: how.quote }))));
  };

  // Asks about each source. Calls `done(ids, said, answer)`: save, add (another source), or "" without a choice.
  const askAbout = (ids, said, type, done) => {
    let kept = ids;
    const groups = ids.map((id) => {
      const group = fieldsOf(id, said[id], type);
      const away = element('button', { type: 'button', className: 'button button-secondary button-small', textContent: 'Remove this source' });
      away.addEventListener('click', () => { kept = kept.filter((other) => other !== id); group.remove(); });
      if (ids.length > 1) group.append(away);
      return group;
    });
    ask('Citation', groups, [['save', 'Save'], ['add', 'Add a source']], (answer) => done(kept, said, answer));
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

  // New: the chooser, then the dialog. A click on one that is there: the dialog.
  class CitationSource extends draftail.ModalWorkflowSource {
    componentDidMount() {
      const { entity } = this.props;
      this.ids = entity ? idsOf(entity.getData()) : [];
      this.said = entity ? saidOf(entity.getData()) : {};
      if (!entity) {
        super.componentDidMount();
        return;
      }
      labelsOf(this.ids).then(() => this.askAbout());
    }

    askAbout() {
      askAbout(this.ids, this.said, this.props.entityType, (ids, said, answer) => {
        Object.assign(this, { ids, said });
        if (answer === 'save') this.save();
        else if (answer === 'add') super.componentDidMount();
        else if (this.isNew) this.save(); // it was chosen: only the words about it are missing
        else this.props.onClose();
      });
    }

    getChooserConfig() {
      return {
        url: this.props.entityType.chooserUrl,
        urlParams: {},
        onload: new window.ChooserModalOnloadHandlerFactory({ chosenResponseName: 'chosen' }).getOnLoadHandlers(),
        responses: { chosen: this.onChosen },
      };
    }

    onChosen(data) {
      const id = String(data.id);
      this.isNew ||= !this.props.entity && !this.ids.length;
      if (!this.ids.includes(id)) this.ids = [...this.ids, id];
      this.said[id] ||= { ...nothing };
      this.workflow.close();
    }

    // The chooser is gone, with or without a choice: what was chosen is asked about.
    onClose(event) {
      window.jQuery(document.body).off('hidden.bs.modal', this.onClose);
      if (this.ids.length) labelsOf(this.ids).then(() => this.askAbout());
      else super.onClose(event);
    }

    // Behind what is selected, since a citation never takes the place of words; or in the place of the old citation.
    // The selection ends behind it: what is typed next does not replace it.
    save() {
      const { editorState, entity, entityKey, onComplete } = this.props;
      const { EditorState, Modifier } = window.DraftJS;
      const selection = editorState.getSelection();
      const at = selection.merge({
        anchorKey: selection.getEndKey(), anchorOffset: selection.getEndOffset(),
        focusKey: selection.getEndKey(), focusOffset: selection.getEndOffset(), isBackward: false,
      });
      const content = editorState.getCurrentContent().createEntity('CITATION', 'IMMUTABLE', dataOf(this.ids, this.said));
      const place = entity ? placeOf(entityKey, content, selection) : at;
      const cited = Modifier.replaceText(content, place, standIn(this.ids), undefined, content.getLastCreatedEntityKey());
      const pushed = EditorState.push(editorState, cited, 'insert-characters');
      onComplete(EditorState.acceptSelection(pushed, cited.getSelectionAfter()));
    }
  }

  // Its name in the text, “Pasricha 2021”; the whole reference and what was said of it when the pointer rests on it.
  class Citation extends React.Component {
    componentDidMount() {
      this.isThere = true;
      const { contentState, entityKey } = this.props;
      labelsOf(idsOf(contentState.getEntity(entityKey).getData())).then(() => this.isThere && this.forceUpdate());
    }

    componentWillUnmount() { this.isThere = false; }

    render() {
      const { contentState, entityKey, onEdit, children } = this.props;
      const data = contentState.getEntity(entityKey).getData();
      const said = saidOf(data);
      const lines = idsOf(data).map((id) => {
        const { support, locator, quote } = said[id];
        const how = support ? `support: ${support}` : 'support not stated';
        return [labelOf(id).reference, how, locator, quote && `“${quote}”`].filter(Boolean).join(', ');
      });
      const title = [...lines, 'Click to change.'].join('\n');
      return React.createElement('sup', { className: 'vetted-citation', role: 'button', title, onMouseUp: () => onEdit(entityKey) }, children);
    }
  }

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
