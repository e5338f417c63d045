// Signs a form with a passkey. The server makes the statement; the passkey is asked only if the documents that it names
// have their digests, and every string of them stands on this page (of signed changes: what changed, with what it was).
(() => {
  const encode = (text) => new TextEncoder().encode(text);
  const base64url = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const sha256 = async (text) => new Uint8Array(await crypto.subtle.digest("SHA-256", encode(text)));
  const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const spaced = (text) => text.split(/\s+/u).filter(Boolean).join(" ");

  // What people can see of the page, without citation numbers; without <del> as it is now, without <ins> as it was.
  const visible = (rule, without) => {
    const block = new RegExp(`^(?:${rule.blocks})$`, "i");
    const found = [];
    const walk = (node) => {
      if (node.nodeType === Node.TEXT_NODE) found.push(node.data);
      if (node.nodeType !== Node.ELEMENT_NODE) return;
      if (node.matches(`script, style, template, noscript, sup.citation, ${without}`)) return;
      const style = getComputedStyle(node);
      if (style.display === "none" || style.visibility === "hidden" || style.opacity === "0") return;
      const edge = block.test(node.localName) ? " " : "";
      found.push(edge);
      if (node.matches("textarea, input:not([type=hidden]):not([type=password])")) found.push(" ", node.value, " ");
      else node.childNodes.forEach(walk);
      found.push(edge);
    };
    walk(document.body);
    return spaced(found.join(""));
  };

  const holds = (page, text) => {
    const word = /[\p{L}\p{N}]/u;
    for (let at = page.indexOf(text); at >= 0; at = page.indexOf(text, at + 1)) {
      if (!word.test(page[at - 1] || "") && !word.test(page[at + text.length] || "")) return true;
    }
    return false;
  };

  // A paragraph of rich text is one string; the page shows numbers in place of its citations.
  const paragraph = (block) => {
    const cited = new Set((block.markDefs || []).filter((mark) => mark._type === "citation").map((mark) => mark._key));
    const kept = (block.children || []).filter((span) => !(span.marks || []).some((mark) => cited.has(mark)));
    return kept.map((span) => span.text || "").join("");
  };
  function* strings(value, path = []) {
    if (typeof value === "string") yield [path, value];
    else if (Array.isArray(value)) for (const [at, item] of value.entries()) yield* strings(item, [...path, String(at + 1)]);
    else if (value && typeof value === "object") {
      if (value._type === "block") yield [path, paragraph(value)];
      for (const [name, item] of Object.entries(value)) {
        if (!(name === "text" && value._type === "span")) yield* strings(item, [...path, name]);
      }
    }
  }
  // "id of the section, string" -> string, without structure.
  const words = (value, rule) => {
    const mark = new RegExp(`^(?:${rule.mark})$`);
    const isStructure = (path, text) =>
      (path.slice(-2).some((name) => rule.structure.includes(name)) && !/\s/u.test(text)) || rule.closed.includes(text) || mark.test(text);
    const found = new Map();
    for (const [path, text] of strings(value)) {
      const section = path[0] === "sections" && path.length > 1 ? value.sections[path[1] - 1].id : "";
      if (spaced(text) && !isStructure(path, text)) found.set(JSON.stringify([section, text]), spaced(text));
    }
    return found;
  };
  const beyond = (some, others) => [...some].filter(([key]) => !others.has(key)).map(([, text]) => text);

  const read = async (documents, digest) => {
    const text = documents[digest];
    if (text === undefined || `sha-256:${hex(await sha256(text))}` !== digest) throw new Error("The text on the server is not the one that the statement names.");
    return JSON.parse(text);
  };
  // The strings that would be signed and do not stand on the page.
  const missing = async ({ text, documents, rule, publicKey }) => {
    if (publicKey.challenge !== base64url(await sha256(text))) throw new Error("The passkey would sign something else.");
    const said = JSON.parse(text);
    const [now, was] = [visible(rule, "del"), visible(rule, "ins")];
    const found = [];
    if (said.meaning) found.push(...[said.meaning.split(" Signed: ")[0]].filter((each) => !holds(now, spaced(each))));
    for (const item of said.items || []) {
      const given = words(await read(documents, item.digest), rule);
      const before = said.scope === "changes" && item.from ? words(await read(documents, item.from), rule) : new Map();
      found.push(...beyond(given, before).filter((each) => !holds(now, each)));
      if (before.size) found.push(...beyond(before, given).filter((each) => !holds(was, each)));
      const note = item.change && item.change.note ? spaced(item.change.note) : "";
      if (note && !holds(now, note)) found.push(note);
    }
    return [...new Set(found)];
  };

  const send = (form, values) => {
    if (form.elements.password) form.elements.password.value = "";
    for (const [name, value] of Object.entries(values)) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      form.append(field);
    }
    HTMLFormElement.prototype.submit.call(form);
  };
  // Says why nothing was done, below the button that was pressed.
  const say = (form, text) => {
    const place = form.querySelector("[data-passkey-says]") || document.createElement("p");
    place.className = "note note-wrong help-block help-critical";
    place.setAttribute("role", "alert");
    place.setAttribute("data-passkey-says", "");
    (form.querySelector("button:disabled") || form.lastElementChild).after(place);
    place.textContent = text;
  };
  const post = async (form, values) => {
    const data = new FormData(form);
    data.delete("password");
    for (const [name, value] of Object.entries(values)) data.set(name, value);
    const answer = await fetch(form.getAttribute("action") || location.href, { method: "POST", body: data, headers: { Accept: "application/json" } });
    const isJson = answer.ok && (answer.headers.get("Content-Type") || "").startsWith("application/json");
    return isJson ? answer.json() : null;
  };
  // Asks the passkey; null if the server refused, "" if the reason stands on the page.
  const confirm = async (form) => {
    const asked = await post(form, { passkey: "ask" });
    if (!asked) return null;
    if (asked.detail) {
      say(form, asked.detail);
      return "";
    }
    const lacking = await missing(asked);
    if (lacking.length) {
      say(form, `Nothing was signed, and your passkey was not asked: this page does not show all that you would sign. Missing: ${lacking.slice(0, 5).map((each) => `“${each.slice(0, 120)}”`).join(", ")}${lacking.length > 5 ? `, and ${lacking.length - 5} more` : ""}. Load the page again; if it stays so, tell an administrator.`);
      return "";
    }
    const credential = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked.publicKey) });
    return JSON.stringify(credential.toJSON());
  };
  const enrol = async (form, values) => {
    const asked = await post(form, values);
    if (!asked) return send(form, values.passkey ? {} : { password: values.password });
    if (asked.detail) return say(form, asked.detail);
    const made = await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked.create) });
    return send(form, { credential: JSON.stringify(made.toJSON()) });
  };
  const carryOut = async (form, withPasskey) => {
    const isEnrolling = "enrol" in form.dataset;
    if (isEnrolling && !withPasskey) return enrol(form, { password: form.elements.password.value });
    const answer = await confirm(form);
    if (answer === null) return send(form, { passkey: "ask" });
    if (!answer) return undefined;
    return isEnrolling ? enrol(form, { assertion: answer }) : send(form, { assertion: answer });
  };

  document.addEventListener("submit", async (event) => {
    const [form, button] = [event.target, event.submitter];
    const withPasskey = Boolean(button && "passkey" in button.dataset);
    if (!withPasskey && !("enrol" in form.dataset)) return;
    event.preventDefault();
    if (!window.PublicKeyCredential || !PublicKeyCredential.parseRequestOptionsFromJSON) {
      say(form, "This browser cannot use passkeys. Update it, or use another one. Nothing was signed.");
      return;
    }
    if (button) button.disabled = true;
    try {
      await carryOut(form, withPasskey);
    } catch (error) {
      const isRefused = error.name === "NotAllowedError" || error.name === "AbortError";
      const isKnown = error.name === "InvalidStateError";
      say(form, isRefused ? "You did not confirm, or it took too long. Nothing was done; try again." : isKnown ? "This device has a passkey for you already." : `Nothing was done: ${error.message}`);
    } finally {
      if (button) button.disabled = false;
    }
  });
  // Enter in the password's field means the password.
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || field.name !== "password" || !field.form || !field.form.querySelector("[data-passkey]")) return;
    event.preventDefault();
    field.form.requestSubmit(field.form.querySelector("[type=submit]:not([data-passkey])"));
  });
})();
