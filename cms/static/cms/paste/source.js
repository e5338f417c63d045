// What one element of pasted HTML means: hidden or struck out, which styles, which link, which list. Used by read.js.
(() => {
  const LINKS = /^(https?:\/\/|mailto:|tel:)/i;
  const COMMENT = /#(?:_msocom|cmnt)/;
  const EMOJI = /^[\p{Extended_Pictographic}\p{Emoji_Component}]+$/u;
  // The font Symbol shows other signs than the letters that are stored: “m” is μ, and “£” is ≤. Source: Adobe Symbol encoding.
  const SYMBOLS = Object.fromEntries([
    ...[...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((sign, at) => [sign, [...'ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ'][at]]),
    ...[...'abcdefghijklmnopqrstuvwxyz'].map((sign, at) => [sign, [...'αβχδεφγηιϕκλμνοπθρστυϖωξψζ'][at]]),
    ...[...'£³¥±°´¸¹»®¬·'].map((sign, at) => [sign, [...'≤≥∞±°×÷≠≈→←•'][at]]),
  ]);

  const styleOf = (element) => (element.getAttribute('style') || '').toLowerCase().replace(/\s/g, '');
  // The value of a property, the last of several; `mso-bidi-font-weight` is not `font-weight`.
  const valueOf = (css, name) => [...css.matchAll(new RegExp(`(?:^|;)${name}:([^;]+)`, 'g'))].pop()?.[1] || '';

  // What Word does not print either: hidden words, markers of lists, comments and the places that they point at.
  const isHidden = (element, css) =>
    /display:none|mso-hide:all|mso-list:ignore|mso-element:comment|mso-special-character:comment/.test(css)
    || /msocom|MsoComment/.test(element.className)
    || COMMENT.test(element.getAttribute('href') || '');
  const isStruck = (element, css) =>
    ['DEL', 'S', 'STRIKE'].includes(element.tagName)
    || /text-decoration[^;]*line-through/.test(css)
    || /\bTrackChangeTextDeletion\b/.test(element.className);
  const emojiOf = (element) => (element.tagName === 'IMG' && EMOJI.test(element.alt) ? element.alt : '');

  // The address that a link leads to. Google and Outlook lead through an address of their own, with the real one in it.
  const addressOf = (href) => {
    let url;
    try { url = new URL(href); } catch { return ''; }
    const { hostname, pathname, searchParams } = url;
    const isGoogle = /(?:^|\.)google\.[a-z.]{2,6}$/.test(hostname) && pathname === '/url';
    const isOutlook = hostname.endsWith('.safelinks.protection.outlook.com');
    const real = isGoogle ? searchParams.get('q') || searchParams.get('url') : isOutlook && searchParams.get('url');
    const address = real || href;
    return LINKS.test(address) ? address : '';
  };

  const raise = (element, css) => {
    const align = valueOf(css, 'vertical-align');
    const raised = parseFloat(valueOf(css, 'mso-text-raise')) || 0;
    if (element.tagName === 'SUP' || align === 'super' || raised > 0) return 'SUPERSCRIPT';
    return element.tagName === 'SUB' || align === 'sub' || raised < 0 ? 'SUBSCRIPT' : '';
  };

  const stylesOf = (element, css, outer) => {
    const styles = new Set(outer);
    const set = (name, is) => (is ? styles.add(name) : styles.delete(name));
    if (['B', 'STRONG', 'TH'].includes(element.tagName)) styles.add('BOLD');
    if (['I', 'EM', 'CITE'].includes(element.tagName)) styles.add('ITALIC');
    const raised = raise(element, css);
    if (raised) styles.add(raised);
    const weight = valueOf(css, 'font-weight');
    if (weight) set('BOLD', weight === 'bold' || weight === 'bolder' || Number(weight) >= 600);
    const slant = valueOf(css, 'font-style');
    if (slant) set('ITALIC', slant !== 'normal');
    return styles;
  };

  const isSymbol = (element, css, outer) => {
    const font = valueOf(css, 'font-family') || valueOf(css, 'font') || (element.getAttribute('face') || '').toLowerCase();
    return font ? /(?:^|pt|px)["']?symbol/.test(font) : outer;
  };
  // Word also stores signs of such a font as private-use characters, U+F000 and more.
  const fromSymbol = (words) => [...words].map((sign) => {
    const code = sign.codePointAt(0);
    const stored = code >= 0xf020 && code <= 0xf0ff ? String.fromCharCode(code - 0xf000) : sign;
    return SYMBOLS[stored] || (stored !== sign && code < 0xf07f ? stored : sign);
  }).join('');

  // h1 and h2 become h3; Word online writes headings as paragraphs with a role.
  const headingOf = (element) => {
    const level = Number(/^H([1-6])$/.exec(element.tagName)?.[1]
      || (element.getAttribute('role') === 'heading' && element.getAttribute('aria-level')));
    return level ? `header-${level <= 3 ? 'three' : 'four'}` : '';
  };

  // Word writes the bullet or number of a list item as words, in a part that `isHidden` leaves out: {type, depth, number}.
  const wordItemOf = (element, css) => {
    const level = css.match(/mso-list:l\d+level(\d+)/)?.[1];
    if (!level) return null;
    const marker = [...element.querySelectorAll('[style]')].find((each) => styleOf(each).includes('mso-list:ignore'));
    const ordered = marker?.textContent.match(/^\s*(?:\(?(\d{1,4})|\(?[a-z]{1,4})[.)]/i);
    return {
      type: ordered ? 'ordered-list-item' : 'unordered-list-item',
      depth: Number(level) - 1,
      number: Number(ordered?.[1]) || 0,
    };
  };

  window.vettedPaste = { ...window.vettedPaste, source: {
    COMMENT, addressOf, emojiOf, fromSymbol, headingOf, isHidden, isStruck, isSymbol, styleOf, stylesOf, valueOf, wordItemOf,
  } };
})();
