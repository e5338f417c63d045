// Verifies what was signed, without Vetted: see auditors.md. Vetted.verifyArticle(answers, known) and Vetted.verifyPack({name: bytes}, known)
// give {verdict, refusals, notes, signOffs, state}; known: {organisation: [ids of its keys], passkeys: true to refuse clinicians' passwords}.
const Vetted = (() => {
  const bytes = (text) => new TextEncoder().encode(text), words = (raw) => new TextDecoder().decode(raw);
  const decode = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (one) => one.charCodeAt(0));
  const encode = (raw) => btoa(String.fromCharCode(...raw)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
  const sha = async (raw) => new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(raw)));
  const hex = (raw) => [...raw].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const canonical = (value) => Array.isArray(value) ? `[${value.map(canonical)}]` : value && typeof value === 'object' // RFC 8785
    ? `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)}}` : JSON.stringify(value);
  const same = (one, other) => canonical(one ?? null) === canonical(other ?? null), hashOf = async (value) => hex(await sha(bytes(canonical(value))));
  const part = (jws, at) => { try { return JSON.parse(words(decode(jws.split('.')[at]))); } catch { return {}; } };
  const HOW = { '-7': ['ES256', { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }], '-8': ['Ed25519', { name: 'Ed25519' }],
    '-257': ['RS256', { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }] };
  const rawOf = (der, at = 2) => [0, 1].flatMap(() => [...new Uint8Array(32), ...der.slice(at + 2, (at += 2 + der[at + 1]))].slice(-32)); // r, s
  const listener = (refusals = [], notes = []) => ({ refusals, notes, need: (holds, reason) => { if (!holds) refusals.push(reason); } });
  async function holds(alg, spki, signature, message) {
    try {
      const key = await crypto.subtle.importKey('spki', decode(spki), HOW[alg][1], false, ['verify']);
      return await crypto.subtle.verify(HOW[alg][1], key, Uint8Array.from(alg === -7 ? rawOf(signature) : signature), Uint8Array.from(message));
    } catch (error) { if (error.name === 'NotSupportedError') throw error; return false; }
  }
  const signed = async (jws, spki, typ, [head, body, signature = ''] = String(jws).split('.'), { alg, typ: kind } = part(`${head}.`, 0)) =>
    spki && alg === 'Ed25519' && kind === typ && await holds(-8, spki, decode(signature), bytes(`${head}.${body}`)) ? part(jws, 1) : null;
  async function cardOf({ cards, trusted }, spki, at, event) { // {subject, row} of the card in force at that moment, or {fault}
    const id = encode(await sha(decode(spki))); let fault = 'No card says whose key this is.';
    for (const row of cards.filter((one) => one.key === id)) {
      const issuer = trusted.get(part(row.card, 0).kid), isInForce = issuer?.from < row.event && row.event < issuer?.to;
      const card = isInForce ? await signed(row.card, issuer.spki, 'vc+jwt') : null, subject = card?.credentialSubject, { event: line, since } = row.revoked ?? {};
      if (line < event || since <= at) return { fault: `The key was revoked (event ${line}, since ${since}).` };
      if (card && subject.key.spki === spki && at >= card.validFrom && at < card.validUntil) return { subject, row };
      fault = !card ? 'The organisation’s key did not sign the card.' : subject.key.spki === spki ? 'The card was not valid when this was signed.' : 'The card is of another key.';
    }
    return { fault };
  }
  async function byDelivery(world, jws, typ) { // the payload if a key of delivery with a card signed it, else null
    const named = part(world.cards.find((row) => row.key === part(jws, 0).kid)?.card, 1).credentialSubject, told = await signed(jws, named?.key.spki, typ);
    return told && (await cardOf(world, named.key.spki, told.at, 0)).subject?.roles.includes('delivery') ? told : null;
  }
  async function checkSignOff(row, world) { // {…row, verdict: proven | password | unknown | refused, reasons, card}
    const { need, refusals: reasons } = listener(), end = (verdict, card) => ({ ...row, card, reasons, verdict: reasons.length ? 'refused' : verdict });
    if (row.statement === null) return end('unknown');
    try {
      const said = JSON.parse(row.statement), length = Math.min(19, row.signed_at.length), isEditor = said.role === 'editor';
      need(canonical(said) === row.statement && said.v === 'vetted-signoff/1', 'This is not the statement of a sign-off.');
      const has = (value, names, fault) => names.forEach((name) => need((value[name] ?? '') === row[name], `${fault} ${name}.`));
      has(said, ['role', 'scope', 'meaning', 'name', 'registration'], 'The signed statement has another');
      need(said.at.slice(0, length) === row.signed_at.slice(0, length), 'The signed statement has another time.');
      const items = said.items.filter((item) => ['subject', 'part', 'digest'].every((name) => item[name] === row[name]));
      need(items.length, 'The signed statement does not name this text.');
      need(!row.change || items.some((item) => same(item.change ?? {}, row.change)), 'The signed statement has another change note.');
      if (row.method === 'password' && !row.proof) return end('password');
      need(row.method === 'passkey', `It says ${row.method}, and has the proof of a passkey.`);
      const { assertion, key, rp, origin } = row.proof, client = decode(assertion.clientDataJSON), told = JSON.parse(words(client));
      const data = decode(assertion.authenticatorData), host = new URL(origin).hostname;
      need(told.challenge === encode(await sha(bytes(row.statement))), 'The passkey signed another statement.');
      need(told.origin === origin && !told.crossOrigin, 'The passkey signed for another origin.');
      need(host === rp || host.endsWith(`.${rp}`), 'The origin does not belong to the relying party.');
      need(hex(data.slice(0, 32)) === hex(await sha(bytes(rp))), 'The passkey signed for another relying party.');
      need(told.type === 'webauthn.get', 'The passkey was not asked for a signature.'); need((data[32] & 5) === 5, 'The passkey did not verify the person.');
      need(await holds(key.alg, key.spki, decode(assertion.signature), [...data, ...await sha(client)]), 'The signature is not that of the passkey.');
      const { subject, fault, row: card } = await cardOf(world, key.spki, said.at, row.event);
      if (fault) return need(isEditor && fault.startsWith('No card'), fault), end('unknown'); // cards are for those who sign as clinicians
      has(subject, ['name', 'registration', 'credentials'], 'The card has another entry under');
      need(isEditor || subject.roles.includes(said.role), `The card does not have the role “${said.role}”.`);
      need(!row.person || subject.id === `urn:uuid:${row.person}`, 'The card is of another person.'); need(subject.key.alg === HOW[key.alg]?.[0], 'The card is of another key.');
      return end('proven', card);
    } catch (error) { if (error.name === 'NotSupportedError') throw error; need(false, 'Its statement or proof cannot be read.'); return end(); }
  }
  async function checkLog({ head: { signed: jws, log, size, root, at }, proofs }, world, wanted, { need, notes }) { // wanted: [[event, facts]]
    const isWithoutKey = !jws && !world.cards.some((row) => row.holder === 'delivery' && !row.revoked), told = { log, size, root, at };
    if (isWithoutKey) notes.push('Nobody signed the head of the log: the publisher has no delivery key.');
    else need(same(await byDelivery(world, jws ?? '', 'vetted-head+jwt'), told), 'No key of delivery signed the head of the log.');
    for (const [event, facts] of wanted) {
      const { entry = {}, path = [] } = proofs.find((one) => one.event === event) ?? {};
      let found = await sha([0, ...bytes(canonical(entry))]), place = event - 1, last = size - 1;
      for (const step of path.map((text) => text.match(/../g).map((byte) => parseInt(byte, 16)))) { // RFC 9162, 2.1.3.2
        const isRight = place % 2 || place === last;
        found = await sha(isRight ? [1, ...step, ...found] : [1, ...found, ...step]);
        for (; isRight && place && !(place % 2); last >>= 1) place >>= 1; [place, last] = [place >> 1, last >> 1];
      }
      const isFitting = Object.entries({ number: event, ...facts }).every(([name, value]) => same(entry[name], value));
      need(entry.number, `Event ${event} is not in the log.`); need(!entry.number || isFitting, `The log says something else of event ${event}.`);
      need(!entry.number || (!last && hex(found) === root), `The proof that event ${event} is in the log does not lead to its head.`);
    }
  }
  async function judge({ keys, log, state: jws, known = {}, shown, rows, say }) { // shown: {id, number, digests, event, signOffs, change}
    const { id, number, digests, event, change } = shown, { need, notes, refusals } = say, named = known.organisation ?? [];
    const trusted = new Map(), world = { cards: keys.cards, trusted }; // {id: {spki, from, to}}: the keys named, and each that one of them signed
    for (const [at, { id: key, spki, event: from, signed: by }] of keys.organisation.entries()) {
      const next = await signed(by, trusted.get(keys.organisation[at - 1]?.id)?.spki, 'vetted-rotation+jwt'), counts = !named.length || named.includes(key);
      if ((counts || next?.spki === spki) && encode(await sha(decode(spki))) === key) trusted.set(key, { spki, from, to: keys.organisation[at + 1]?.event ?? Infinity });
    }
    if (named.length) need(trusted.size, 'The organisation’s key is not the one that you named.');
    else notes.push(`You named no key of the organisation, so its own word was taken: ${[...trusted.keys()]}`);
    const signOffs = await Promise.all(rows.map((row) => checkSignOff(row, world)));
    for (const row of signOffs) {
      const isSame = (one) => ['statement', 'subject', 'part', 'digest'].every((name) => one[name] && one[name] === row[name]);
      if (signOffs.some((one) => one.event < row.event && isSame(one))) row.reasons.push('Its statement was used before.');
      for (const reason of row.reasons) need(false, `Sign-off ${row.event}: ${reason}`);
    }
    const given = signOffs.filter((row) => shown.signOffs.includes(row.event) && row.subject === id && row.digest === digests[row.part]
      && !row.reasons.length), clinicians = given.filter((row) => row.part === 'medical' && row.role === 'medical');
    need(clinicians.length, 'No clinician signed the medical part.'); need(given.some((row) => row.part === 'presentation'), 'Nobody signed the presentation part.');
    const changes = clinicians.flatMap(({ statement }) => statement ? JSON.parse(statement).items.map((item) => item.change ?? {}) : change ?? {});
    need(!change || changes.some(({ kind, note = '' }) => kind === change.kind && note === change.note), 'No clinician signed this change and its note.');
    const isProven = clinicians.some((row) => row.verdict === 'proven' && !row.voided_at), used = signOffs.flatMap(({ card }) => card ?? []);
    if (!isProven) (known.passkeys ? refusals : notes).push('No clinician’s passkey signed the medical part: nothing outside of the record proves who did.');
    await checkLog(log, world, [[event, { kind: 'published', subject: id, edition: number, digests }], ...rows.map((row) => [row.event, {}]),
      ...used.map(({ event: at, card }) => [at, { card }]), ...[...trusted].map(([key, { spki, from }]) => [from, { key, spki }])], say);
    const told = jws ? await byDelivery(world, jws, 'vetted-state+jwt') : null, isOf = told?.article === id;
    need(!jws || isOf, 'No key of delivery signed the state of this article.');
    const force = !isOf || told.valid_until <= new Date().toISOString() ? 'unknown' : !told.digests.medical ? 'gone'
      : told.edition === number && same(told.digests, digests) ? 'current' : 'other', verdict = refusals.length ? 'refused' : isProven ? 'proven' : 'unproven';
    return { verdict, refusals, notes, signOffs, organisation: [...trusted.keys()], state: { ...(isOf ? told : {}), verdict: force } };
  }
  const DERIVED = 'html offer renditions leads_to ama nlm source_status source_status_since source_status_url text resolved'.split(' ');
  const signedOf = (value, derived) => Array.isArray(value) ? value.map((item) => signedOf(item, derived)) : value && typeof value === 'object'
    ? Object.fromEntries(Object.entries(value).flatMap(([key, item]) => derived.includes(key) ? [] : [[key, signedOf(item, derived)]])
      .filter(([, item]) => item !== null && item !== '' && (typeof item !== 'object' || Object.keys(item).length))) : value;
  async function verifyArticle({ article, editions, ...found }, known) { // the API's answers; the article as portable text
    const { id, content, signed: parts, edition: { number, digests } } = article, at = editions.findIndex((one) => one.number === number);
    const own = editions[at] ?? { sign_offs: [] }, rows = own.sign_offs.map((row) => ({ ...row, subject: id })), { event } = own, say = listener();
    say.need(same(own.digests, digests), 'The article and its edition have other digests.');
    for (const name of ['medical', 'presentation']) { // json.md, *Prove it*
      const { kind, format, members, derived } = parts[name], shown = members.map((key) => [key, (['hero', 'seo'].includes(key) ? content[key]?.[name] : content[key]) ?? null]);
      const digest = `sha-256:${await hashOf(signedOf({ ...Object.fromEntries(shown), kind, format }, derived))}`;
      say.need(digests[name] === digest && derived.every((key) => DERIVED.includes(key)), `The ${name} part shown is not the one that was signed.`);
    }
    for (const key of Object.keys(content).filter((name) => name !== 'reading_minutes'))
      say.need([...parts.medical.members, ...parts.presentation.members].includes(key), `“${key}” is shown, and nobody signed it.`);
    const change = (editions[at + 1] ?? own).digests?.medical === own.digests?.medical ? null : own.change;
    return judge({ ...found, known, shown: { id, number, digests, event, change, signOffs: rows.map((row) => row.event) }, rows, say });
  }
  async function verifyPack(files, known) { // verify_pack.py checks more
    const read = (name) => JSON.parse(words(files[name])), { row, article: id, published: event, documents } = read('pack.json'), say = listener();
    const voids = words(files['ledger.jsonl']).trim().split('\n').map((line) => JSON.parse(line)).filter(({ kind }) => kind === 'voided');
    const digestIn = (name) => documents.find(({ file }) => file === name)?.digest, voidOf = (number) => voids.find(({ data }) => data.signoff === number)?.at;
    const rows = read('signoffs.json').map(({ number, columns: { proof = null, change = {}, ...more } }) => ({ ...more, proof, change, event: number, voided_at: voidOf(number) }));
    for (const file of new Set([...Object.keys(files).filter((name) => name.startsWith('documents/')), ...documents.map((one) => one.file)])) {
      const digest = digestIn(file), found = files[file] ? `sha-256:${hex(await sha(files[file]))}` : digest; // without its bytes, it was erased by law
      say.need(found === digest && rows.some((one) => one.digest === digest), `${file}: its bytes do not match the signed digest.`);
    }
    for (const name in row.digests) say.need(digestIn(`documents/${name}.json`) === row.digests[name], `The ${name} part is not that of the edition.`);
    const { number, digests, signoffs: signOffs } = row, state = files['state.jws'] && words(files['state.jws']).trim();
    return judge({ keys: read('keys.json'), log: read('log.json'), state, known, shown: { id, number, digests, event, signOffs }, rows, say });
  }
  return { verifyArticle, verifyPack };
})();
if (typeof module !== 'undefined') module.exports = Vetted;
