import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { REFUSALS } from '../../../src/hosts/cli/exit-codes.js';

test('every tag that ends with 2 is one that the sources throw', () => {
  const src = resolve(__dirname, '../../../src');
  const texts = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts') && !name.endsWith('exit-codes.ts'))
    .map(name => readFileSync(join(src, name), 'utf8'));
  const thrown = new Set(texts.flatMap(text => [...text.matchAll(/'([a-z0-9-]+)'/g)].map(match => match[1]!)));
  expect([...REFUSALS].filter(tag => !thrown.has(tag))).toEqual([]);
});
