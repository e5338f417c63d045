// Reads every fixture with the types of openapi-typescript, as strict as the compiler can be.
import { readFileSync, readdirSync } from 'node:fs';
import { is } from './guard';
import type { components } from './types';

type Article = components['schemas']['Article'];
type Portable = components['schemas']['PortableArticle'];

const shown = (article: Article): string[] => article.content.sections.map((section) => {
  if (is(section, 'risks')) return section.effects.map((row) => `${row.name}: ${row.frequency ?? ''}`).join();
  return section.html;
});

for (const name of readdirSync('fixtures')) {
  const value: unknown = JSON.parse(readFileSync(`fixtures/${name}`, 'utf8'));
  if (name.includes('.portable.')) {
    if (!(value as Portable).signed.medical.members.includes('sections')) throw new Error(name);
  } else {
    const lines = shown(value as Article);
    if (lines.length !== (value as Article).content.sections.length || lines.some((line) => typeof line !== 'string')) throw new Error(name);
  }
}
