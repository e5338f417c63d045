// Checks every fixture with the schemas that orval writes for zod: each is read, and no section is lost.
import { readFileSync, readdirSync } from 'node:fs';
import { FixtureResponse } from './zod/vetted';

for (const name of readdirSync('fixtures')) {
  const value = JSON.parse(readFileSync(`fixtures/${name}`, 'utf8'));
  const read = FixtureResponse.safeParse(value);
  if (!read.success) throw new Error(`${name}: ${JSON.stringify(read.error.issues).slice(0, 600)}`);
  if (read.data.content.sections.length !== value.content.sections.length) throw new Error(`${name}: a section is lost`);
}
