// An article page from JSON alone: what a frontend of sixty lines shows. `render(article, words)` gives HTML;
// `words` is `vocabulary/?locale=` of the article's language. Everything but `html` is plain text, and is escaped.
const escaped = (text) => String(text ?? '').replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const dictionary = (words) => {
  const sentences = Object.fromEntries(words.sentences.map((row) => [row.key, row.text]));
  const lists = Object.fromEntries(words.lists.map((list) => [list.name, Object.fromEntries(list.values.map((row) => [row.value, row.label]))]));
  return {
    said: (key, given = {}) => escaped((sentences[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => given[name])),
    label: (list, value) => escaped(lists[list]?.[value] ?? value),
  };
};

function review({ review }, { said }) {
  const people = review.reviewed_by.map((row) => `<p>${said('medically-reviewed')} ${escaped(row.name)}, ${escaped(row.credentials)}</p>`);
  const late = review.status === 'overdue' ? ` · <strong>${said('review-overdue')}</strong>` : '';
  const dates = `${said('last-reviewed')} ${escaped(review.last_reviewed_on)} · ${said('next-review')} ${escaped(review.next_review_on)}${late}`;
  return `<div class="review">${people.join('')}<p>${dates}</p></div>`;
}

const notices = (rows) => rows.map((row) => `<p class="notice" lang="${escaped(row.lang)}"><time>${escaped(row.since)}</time> ${escaped(row.text)}</p>`).join('');

// A kind that this page does not know, and one that it knows, are shown by their `html`: it is always safe and complete.
const sections = (rows) => rows.map((row) => row.html).join('');

// `html` leaves out an offer for some markets, because whoever shows it may not know where the reader is.
const offers = (rows, market, { said }) => rows.map((row) => row.offer).filter((offer) => offer?.markets.includes(market)).map((offer) =>
  `<aside><p>${said('only-in-markets', { markets: offer.markets.join(', ') })}</p><p>${escaped(offer.text)}</p>
   <p><a href="${escaped(offer.target.value)}" rel="sponsored">${escaped(offer.label)}</a></p><p>${escaped(offer.disclosure)}</p></aside>`).join('');

function references(content, { label }) {
  if (content.sections.some((row) => row.kind === 'sources')) return '';
  const items = content.references.map((row) => {
    const status = row.source_status === 'standing' ? '' : `<strong>${label('source-status', row.source_status)}</strong> `;
    return `<li>${status}${escaped(row.text.ama)}</li>`;
  });
  return items.length ? `<ol>${items.join('')}</ol>` : '';
}

function render(article, words, market = '') {
  const { content } = article, talk = dictionary(words);
  return `<article lang="${escaped(content.language)}"><h1>${escaped(content.title)}</h1><p>${escaped(content.summary)}</p>
    ${review(article, talk)}
    ${content.sponsorship ? `<p>${talk.said('funding')} ${escaped(content.sponsorship)}</p>` : ''}
    ${notices(article.notices)}${sections(content.sections)}${offers(content.sections, market, talk)}
    ${references(content, talk)}
    <footer>${content.disclaimers.map((row) => row.html).join('')}</footer></article>`;
}
