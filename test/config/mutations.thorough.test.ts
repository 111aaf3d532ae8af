import { cpuSeconds } from '../cpu-seconds.js';
import { builtInConfig, builtInNames, parseConfig, parseConfigDocument, type Diagnostic } from '../../src/config/index.js';
import { mutateText } from '../mutate-text.js';
import { randomFrom } from '../random.js';

const WHOLE = builtInConfig('atl03')!.replace('output:\n', `output:
  store: s3://bucket/a.zarr
  layout: full-sphere
  sharding: {inner_order: 9}
  overviews: [6, 8]
`) + 'run: {memory: 500MB, workers: 2}\nbounds:\n  temporal: {start_date: 2019-01-01, end_date: 2019-02-01}\n  spatial: [-51, 69, -49, 72]\n';
const TEXTS = [WHOLE, ...builtInNames().map(name => builtInConfig(name)!), JSON.stringify(parseConfig(WHOLE).config!.document)];

/** What a parser owes for any text: diagnostics with places in the text, of a number that a list can show. */
function check(text: string, diagnostics: readonly Diagnostic[], isUsable: boolean): void {
  const lines = text.split('\n');
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  expect(errors.length === 0).toBe(isUsable);
  expect(diagnostics.length).toBeLessThanOrEqual(1000);
  for (const { line, column, message } of diagnostics) {
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 2);
    expect(message.length).toBeLessThan(1100);
    expect(message).not.toMatch(/undefined|\[object|call stack|is not a function|NaN of/);
  }
}

test('the texts that are damaged are whole', () => {
  for (const text of TEXTS) expect(parseConfig(text).diagnostics).toEqual([]);
});

test('500 damaged configs are told, none thrown, none for long', () => {
  const random = randomFrom(2027);
  const before = process.memoryUsage().rss;
  let slowest = 0;
  let usable = 0;
  for (let round = 0; round < 500; round++) {
    const text = mutateText(TEXTS[round % TEXTS.length]!, random);
    const start = cpuSeconds();
    const { config, diagnostics } = parseConfig(text);
    slowest = Math.max(slowest, cpuSeconds() - start);
    check(text, diagnostics, config !== undefined);
    if (config) {
      usable++;
      // What was read is a config: its document means the same.
      expect(parseConfigDocument(config.document).config).toEqual(config);
    }
  }
  expect(usable).toBeGreaterThan(5);
  expect(usable).toBeLessThan(300);
  // Both are the bounds that are promised, far from what is usual.
  expect(slowest).toBeLessThan(5);
  expect(process.memoryUsage().rss - before).toBeLessThan(1e9);
}, 120_000);

test.each<[name: string, text: string]>([
  ['brackets', '['.repeat(400_000)], ['closed brackets', '['.repeat(100_000) + ']'.repeat(100_000)], ['dashes', '- '.repeat(400_000)], ['braces', '{a: '.repeat(400_000)],
  ['keys', '? '.repeat(400_000)], ['values', ': '.repeat(400_000)], ['mappings', Array.from({ length: 2000 }, (_, i) => `${' '.repeat(i)}a:\n`).join('')]
])('%s nested without end', (_, text) => {
  const { diagnostics } = parseConfig(text);
  expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([['yaml-syntax', 'the values are nested too deeply to be read; a config has at most 40 levels']]);
});

test('of a hundred thousand problems a thousand are listed, the last with the number of the others', () => {
  const { config, diagnostics } = parseConfig(`data_source: {variables: {${'h: /h, '.repeat(100_000)}}}`);
  expect(config).toBeUndefined();
  expect(diagnostics).toHaveLength(1000);
  expect(new Set(diagnostics.slice(0, -1).map(({ code }) => code))).toContain('duplicate-key');
  expect(diagnostics.at(-1)).toMatchObject({ code: 'more-problems', severity: 'error', path: '' });
  const [rest] = /^\d+/.exec(diagnostics.at(-1)!.message)!;
  expect(Number(rest)).toBeGreaterThan(99_000);
  expect(parseConfig(`data_source: {groups: [${'012, '.repeat(2000)}]}`).diagnostics).toHaveLength(1000);
});

test.each<[name: string, key: string, diagnostics: number]>([
  ['10,000 granules', `granules:\n${Array.from({ length: 10_000 }, (_, i) => `  - a${i}.h5\n`).join('')}`, 0],
  ['10,000 groups, the last twice', `groups: [${Array.from({ length: 10_000 }, (_, i) => `g${i}`).join()}, g9999]\n`, 1],
  ['10,000 filters', `filters:\n${Array.from({ length: 10_000 }, (_, i) => `  - {dataset: /a, less: ${i}}\n`).join('')}`, 0],
  ['10,000 aliases', `variables:\n    h_li: &a /h\n${Array.from({ length: 9000 }, (_, i) => `    h${i}: *a\n`).join('')}`, 0],
  ['a path of 100,000 placeholders', `quality_filter: {dataset: "${'{a}'.repeat(100_000)}", value: 0}`, 3]
])('%s', (_, key, count) => {
  const isGroups = key.startsWith('groups');
  const path = isGroups ? '"/{group}/a"' : '/a';
  const columns = key.startsWith('variables') ? '' : `  variables: {h_li: ${path}}\n`;
  const text = `data_source:\n  ${key}\n  coordinates: {latitude: ${path}, longitude: ${path}}\n${columns}aggregation: {variables: {x: {function: max, source: h_li}}}\noutput: {grid: {child_order: 12}}\n`;
  const { diagnostics } = parseConfig(text);
  expect(diagnostics.map(({ message }) => message.slice(0, 100))).toHaveLength(count);
});
