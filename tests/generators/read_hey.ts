// Reads every fixture with the types of hey-api.
import { readFileSync, readdirSync } from 'node:fs';
import type { Article } from './hey/types.gen';

for (const name of readdirSync('fixtures')) {
  const value = JSON.parse(readFileSync(`fixtures/${name}`, 'utf8')) as Article;
  for (const section of value.content.sections) {
    if (section.kind === 'risks' && 'effects' in section && !Array.isArray(section.effects)) throw new Error(name);
    if (section.html === undefined) throw new Error(name);
  }
}
