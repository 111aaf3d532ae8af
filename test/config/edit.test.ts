import { parseDocument, type Scalar } from 'yaml';
import { builtInConfig, builtInNames, editConfig, type ConfigEdit } from '../../src/config/index.js';
import type { JsonValue } from '../../src/base/index.js';
import { readYaml } from '../../src/config/read-yaml.js';
import { judgeJson } from '../judge.js';
import { randomFrom } from '../random.js';

const set = (path: ConfigEdit['path'], value: JsonValue): ConfigEdit => ({ path, value });
const remove = (path: ConfigEdit['path']): ConfigEdit => ({ path, remove: true });

test.each<[name: string, before: string, edit: ConfigEdit, after: string]>([
  ['a plain value', 'a: 1 # one\nb: x\n', set(['a'], 2), 'a: 2 # one\nb: x\n'],
  ['the style of quotes', `a: 'x'\nb: "y"\nc: z\n`, set(['a'], "it's"), `a: 'it''s'\nb: "y"\nc: z\n`],
  ['double quotes', 'a: "y" #\n', set(['a'], 'z: "1"\n'), 'a: "z: \\"1\\"\\n" #\n'],
  ['a plain text that needs quotes', 'a: z\n', set(['a'], 'yes'), 'a: "yes"\n'],
  ['a plain text that can stay plain', 'a: z\n', set(['a'], '/{group}/h li'), 'a: /{group}/h li\n'],
  ['a plain text within brackets', 'a: [z, y]\n', set(['a', 1], '/{group}/h'), 'a: [z, "/{group}/h"]\n'],
  ['a number of both YAMLs', 'a: 0\n', set(['a'], 1e-7), 'a: 1.0e-7\n'],
  ['text that looks like a number', 'a: 0\n', set(['a'], '1e-7'), 'a: "1e-7"\n'],
  ['a number that was quoted', 'a: "1"\n', set(['a'], 2), 'a: 2\n'],
  ['line ends of Windows', 'a: 1\r\nb:\r\n  c: 2 # two\r\n# end\r\n', set(['b', 'd'], 'x'), 'a: 1\r\nb:\r\n  c: 2 # two\r\n  d: x\r\n# end\r\n'],
  ['a byte order mark', '\ufeffa: 1\n', set(['b'], 2), '\ufeffa: 1\nb: 2\n'],
  ['no final line end', 'a: 1', set(['b'], 2), 'a: 1\nb: 2'],
  ['no final line end, removed', 'a: 1\nb: 2', remove(['b']), 'a: 1'],
  ['a new section', 'a: 1\n', set(['b', 'c', 'd'], [1, 'x']), 'a: 1\nb:\n  c:\n    d: [1, x]\n'],
  ['a new list of mappings', 'a:\n    b: 1\n', set(['a', 'c'], [{ d: 1 }, { e: 'x' }]), 'a:\n    b: 1\n    c:\n      - {d: 1}\n      - {e: x}\n'],
  ['a key with no value', 'a: # later\nb: 1\n', set(['a'], 2), 'a: 2 # later\nb: 1\n'],
  ['a key below a key with no value', 'a:\nb: 1\n', set(['a', 'c'], 2), 'a: {c: 2}\nb: 1\n'],
  ['an empty text', '', set(['a'], 1), 'a: 1\n'],
  ['nothing but a comment', '# x', set(['a', 'b'], 1), '# x\na:\n  b: 1\n'],
  ['a flow mapping', 'a: { b: 1, c: [1, 2] } # x\n', set(['a', 'd'], true), 'a: { b: 1, c: [1, 2], d: true } # x\n'],
  ['an empty flow mapping', 'a: {}\n', set(['a', 'd'], 1), 'a: {d: 1}\n'],
  ['a last comma', 'a: [1, 2,]\n', set(['a', 2], 3), 'a: [1, 2, 3]\n'],
  ['a flow list over lines', 'a: [\n  1, # one\n  2 # two\n]\n', set(['a', 2], 3), 'a: [\n  1, # one\n  2, 3 # two\n]\n'],
  ['JSON stays JSON', '{"a": {"b": 1}}\n', set(['a', 'c'], 'x'), '{"a": {"b": 1, "c": "x"}}\n'],
  ['JSON stays JSON when a value is replaced', '{"a": {"b": 1}}\n', set(['a', 'b'], 'x'), '{"a": {"b": "x"}}\n'],
  ['a block list', 'a:\n- 1 # one\n# two\nb: 1\n', set(['a', 1], 2), 'a:\n- 1 # one\n- 2\n# two\nb: 1\n'],
  ['a block list of block mappings', 'a:\n- b: 1\n  c: 2\n', set(['a', 1], { b: 3, c: 4 }), 'a:\n- b: 1\n  c: 2\n- b: 3\n  c: 4\n'],
  ['a folded text', 'a:\n  b: >-\n    one\n    two\n\n  # x\n  c: 1\n', set(['a', 'b'], 'three # four'), 'a:\n  b: >-\n    three # four\n\n  # x\n  c: 1\n'],
  ['a literal text', 'a: |\n   one\n   two\nb: 1\n', set(['a'], 'x\ny\n'), 'a: |\n   x\n   y\nb: 1\n'],
  ['a literal text that becomes a number', 'a: |\n   one\n   two\nb: 1\n', set(['a'], 5), 'a: 5\nb: 1\n'],
  ['a key after a kept text', 'a:\n  b: |+\n    x\n\n', set(['a', 'c'], 5), 'a:\n  b: |+\n    x\n\n  c: 5\n'],
  ['a tag goes with its value', 'a: !!str 12 # x\n', set(['a'], 13), 'a: 13 # x\n'],
  ['an anchor that nobody uses', 'a: &x 12\n', set(['a'], 13), 'a: &x 13\n'],
  ['an alias itself', 'a: &x 12\nb: *x\n', set(['b'], 13), 'a: &x 12\nb: 13\n'],
  ['a merged key of its own', 'a: &x {p: 1}\nb:\n  <<: *x\n', set(['b', 'p'], 2), 'a: &x {p: 1}\nb:\n  <<: *x\n  p: 2\n'],
  ['a mapping in place of lines', 'a:\n  b: 1 # one\n  c: 2\nd: 1\n', set(['a'], { e: 1, f: { g: 'x' } }), 'a:\n  e: 1\n  f:\n    g: x\nd: 1\n'],
  ['a list in place of lines', 'a:\n- 1\n- 2 # two\nd: 1\n', set(['a'], ['x', 'y']), 'a:\n- x\n- y # two\nd: 1\n'],
  ['a number in place of lines', 'a: # why\n- 1\n- 2\nd: 1\n', set(['a'], 7), 'a: 7 # why\nd: 1\n'],
  ['a number in place of lines beside a dash', 'a:\n- b: 1\n  c: 2\n- 3\n', set(['a', 0], 7), 'a:\n- 7\n- 3\n'],
  ['lines in place of a number', 'a: 7 # x\n', set(['a'], { b: 1 }), 'a: {b: 1} # x\n'],
  ['a key removed', 'a: 1\n# about b\nb: # x\n  c: 1\n  d: 2 # y\n\ne: 1\n', remove(['b']), 'a: 1\n# about b\n\ne: 1\n'],
  ['the only key removed', 'a:\n  b: 1\nc: 1\n', remove(['a', 'b']), 'a: {}\nc: 1\n'],
  ['the first key beside a dash removed', '- b: 1\n  c: 2\n', remove([0, 'b']), '- c: 2\n'],
  ['an entry removed', 'a:\n- 1\n- 2\n- 3\n', remove(['a', 1]), 'a:\n- 1\n- 3\n'],
  ['a flow entry removed', 'a: {b: 1, c: 2, d: 3}\n', remove(['a', 'c']), 'a: {b: 1, d: 3}\n'],
  ['the first flow entry removed', 'a: {b: 1, c: 2}\n', remove(['a', 'b']), 'a: {c: 2}\n'],
  ['the only flow entry removed', 'a: {b: 1,}\n', remove(['a', 'b']), 'a: {}\n'],
  ['a flow entry with comments around it removed', 'a: [\n  1, # one\n  2, # two\n  3 # three\n]\n', remove(['a', 1]), 'a: [\n  1 # one\n  , # two\n  3 # three\n]\n'],
  ['an explicit key', '? a\n: 1\n? b\n: 2\n', set(['b'], 3), '? a\n: 1\n? b\n: 3\n'],
  ['keys that need quotes', 'a: 1\n', set(['no', '#x: y'], 1), 'a: 1\n"no":\n  "#x: y": 1\n']
])('%s', (_, before, edit, after) => {
  expect(editConfig(before, [edit])).toBe(after);
});

test('several edits, one after the other', () => {
  expect(editConfig('a:\n- 1\n', [set(['a', 1], 2), remove(['a', 0]), set(['b'], 'x')])).toBe('a:\n- 2\nb: x\n');
});

test.each<[name: string, text: string, edit: ConfigEdit, message: RegExp]>([
  ['no YAML', 'a: [1\n', set(['a'], 1), /must be YAML first; line 2/],
  ['two documents', 'a: 1\n---\nb: 1\n', set(['a'], 1), /one YAML document/],
  ['a key twice', 'a: 1\na: 2\n', set(['a'], 1), /line 2, column 1: a is already there/],
  ['an anchor that is used', 'a: &x 1\nb: *x\n', set(['a'], 2), /a was not changed: .*anchor &x, and \*x elsewhere/],
  ['within an anchor that is used', 'a: &x {p: {q: 1}}\nb: *x\n', set(['a', 'p', 'q'], 2), /&x/],
  ['a new key in an anchor that is used', 'a: &x\n  p: 1\nb:\n  <<: *x\n', set(['a', 'q'], 2), /&x/],
  ['an anchor within what goes', 'a: {p: &x 1}\nb: *x\n', remove(['a']), /&x/],
  ['through an alias', 'a: &x {p: 1}\nb: *x\n', set(['b', 'p'], 2), /b is the alias \*x/],
  ['below a merged key', 'a: &x {p: {q: 1, r: 1}}\nb: {<<: *x}\n', set(['b', 'p', 'q'], 2), /change it by hand/],
  ['a merged key', 'a: &x {p: 1}\nb: {<<: *x}\n', remove(['b', 'p']), /no such entry in the text/],
  ['below a number', 'a: 1\n', set(['a', 'b'], 2), /a is a single value/],
  ['a hole in a list', 'a: [1]\n', set(['a', 2], 2), /has 1 entries, so that the next is number 1, found 2/],
  ['a hole in a new list', 'b: 1\n', set(['a', 2], 2), /no entries/],
  ['a key of a list', 'a: [1]\n', set(['a', 'b'], 2), /numbered from 0, found "b"/],
  ['what is not there', 'a: 1\n', remove(['b']), /b was not changed: there is no such entry/],
  ['no path', 'a: 1\n', remove([]), /names a key/]
])('refused: %s', (_, text, edit, message) => {
  expect(() => editConfig(text, [edit])).toThrow(expect.objectContaining({ tag: 'config-edit', message: expect.stringMatching(message) as unknown }) as Error);
});

/** Random YAML of many styles, with a mark in every comment. */
function randomYaml(random: () => number, eol: string): string {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  let comments = 0;
  const comment = (): string => (random() < 0.3 ? ` # c${comments++};` : '');
  const text = (): string => pick(['x', 'h_li', '1.5', '-2', 'true', '"a \\" b: c"', "'it''s # no'", '"\\u00e9"', '\u00e9\ud83d\ude00', '""', '0x1F', 'NaN', '/a/b', '2019-01-02']);
  const name = (i: number): string => pick(['a', 'b', '"c d"', "'e'", 'f_', '\u00fc']).replace(/(?=['"]?$)/, String(i));
  const flow = (depth: number): string => {
    const count = Math.floor(random() * 3);
    if (depth === 0 || random() < 0.5) return text().replace(/^\/a\/b$/, '"/a"');
    const pad = pick(['', ' ']);
    const end = count > 0 ? pick(['', '', ',', `, # c${comments++};${eol}      `]) : '';
    return random() < 0.5 ? `{${pad}${Array.from({ length: count }, (_, i) => `${name(i)}: ${flow(depth - 1)}`).join(', ')}${end}${pad}}` : `[${pad}${Array.from({ length: count }, () => flow(depth - 1)).join(', ')}${end}${pad}]`;
  };
  const scalar = (indent: number): string => {
    const spaces = ' '.repeat(indent + pick([1, 2, 4]));
    const lines = ['one two', 'three'].map(line => `${spaces}${line}`).join(eol);
    return random() < 0.2 ? `${pick(['|', '>', '|-', '>-', '|+'])}${comment()}${eol}${lines}${pick(['', eol])}` : random() < 0.7 ? `${text()}${comment()}` : `${flow(2)}${comment()}`;
  };
  const lineComment = (indent: number): string => (random() < 0.15 ? `${' '.repeat(indent)}# c${comments++};${eol}` : random() < 0.1 ? eol : '');
  const block = (indent: number, depth: number): string => {
    const isMap = indent === 0 || random() < 0.6;
    return Array.from({ length: 1 + Math.floor(random() * 3) }, (_, i) => {
      const head = isMap ? `${name(i)}:` : '-';
      const step = pick([1, 2, 4]);
      if (depth === 0 || random() < 0.5) return `${lineComment(indent)}${' '.repeat(indent)}${head}${random() < 0.1 ? comment() : ` ${scalar(indent)}`}${eol}`;
      const inner = block(indent + (isMap ? step : 2), depth - 1);
      if (!isMap && !/^\s*#|^\r?\n/.test(inner)) return `${lineComment(indent)}${' '.repeat(indent)}- ${inner.trimStart()}`;
      return `${lineComment(indent)}${' '.repeat(indent)}${head}${comment()}${eol}${inner}`;
    }).join('');
  };
  const whole = random() < 0.1 ? flow(3).replace(/^[^{].*$/s, '{}') + eol : block(0, 3);
  return (random() < 0.1 ? '\ufeff' : '') + (random() < 0.2 ? whole.replace(/\r?\n$/, '') : whole);
}

/** Every path of a value. */
function pathsOf(value: JsonValue, at: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  const entries: [string | number, JsonValue][] = Array.isArray(value) ? value.map((item: JsonValue, i) => [i, item]) : Object.entries(value);
  return [at, ...entries.flatMap(([key, item]) => pathsOf(item, [...at, key]))];
}

const VALUES: readonly JsonValue[] = [1, -0.25, 1e21, true, 'x', 'yes', "it's", '# no', 'a: b', '', ' x', 'line\nline', '\u00e9\u2028', '{a}', '- x', [], {}, [1, 'a, b'], { p: 1, 'q r': [{ s: 'x' }] }];

function valueOf(text: string): JsonValue {
  const { value, report } = readYaml(text);
  if (report.failed) throw new Error(`${JSON.stringify(text)}: ${report.diagnostics()[0]!.message}`);
  return value!;
}

/** What is expected of an edit, worked out on plain data. */
function applied(value: JsonValue, [step, ...rest]: readonly (string | number)[], change: (container: Record<string | number, JsonValue> & JsonValue[], key: string | number) => void): JsonValue {
  const copy = structuredClone(value) as Record<string | number, JsonValue> & JsonValue[];
  let at = copy;
  const steps = [step!, ...rest];
  for (const key of steps.slice(0, -1)) at = at[key as number] as typeof at;
  change(at, steps.at(-1)!);
  return copy;
}

test('random edits of many texts change the value and nothing else', () => {
  const random = randomFrom(4);
  let edits = 0;
  for (let round = 0; round < 900; round++) {
    const before = randomYaml(random, round % 3 === 0 ? '\r\n' : '\n');
    // Brackets that close too far left.
    if (readYaml(before).report.failed) continue;
    const value = valueOf(before);
    const paths = pathsOf(value);
    const path = paths[Math.floor(random() * paths.length)]!;
    const target = path.reduce<JsonValue>((inner, key) => (inner as Record<string | number, JsonValue>)[key]!, value);
    const isRemoval = path.length > 0 && random() < 0.3;
    const isNew = !isRemoval && typeof target === 'object' && target !== null && (path.length === 0 || random() < 0.5);
    const full = isNew ? [...path, Array.isArray(target) ? target.length : 'new'] : path;
    if (full.length === 0) continue;
    const given = VALUES[Math.floor(random() * VALUES.length)]!;
    const after = edited(before, isRemoval ? remove(full) : set(full, given));
    const expected = applied(value, full, (container, key) => {
      if (!isRemoval) container[key as number] = given;
      else if (Array.isArray(container)) container.splice(key as number, 1);
      else delete (container as Record<string, JsonValue>)[key];
    });
    expect({ before, path: full, value: valueOf(after) }).toEqual({ before, path: full, value: expected });
    // A new entry takes nothing away, and lies in one place; the same holds backwards.
    const [shared, end] = [commonStart(before, after), commonEnd(before, after)];
    if (isNew) expect({ before, after, kept: shared + end >= before.length }).toEqual({ before, after, kept: true });
    if (!isRemoval && !isNew && (typeof target !== 'object' || target === null)) {
      // The one place that changed lies within the value, a space before an empty one apart.
      const range = (parseDocument(before, { schema: 'failsafe' }).getIn(path, true) as Scalar).range!;
      expect({ before, after, isWithin: shared >= range[0] - 1 && before.length - end <= range[1] }).toEqual({ before, after, isWithin: true });
    }
    // No comment outside of what changed is lost.
    for (const mark of isRemoval || typeof target === 'object' ? [] : before.match(/# c\d+;/g) ?? []) {
      if (!isHeaderComment(before, mark)) expect({ before, after, mark, kept: after.includes(mark) }).toEqual({ before, after, mark, kept: true });
    }
    if (before.includes('\r\n')) expect({ before, after }).toEqual({ before, after: after.replace(/\r?\n/g, '\r\n') });
    else expect(after).not.toContain('\r');
    expect(after.startsWith('\ufeff')).toBe(before.startsWith('\ufeff'));
    // A removal may bare an empty line, and the line ends of a kept text are its own.
    if (!isRemoval && !before.includes('|+')) expect({ before, after, ends: after.endsWith('\n') }).toEqual({ before, after, ends: before.endsWith('\n') });
    edits++;
  }
  expect(edits).toBeGreaterThan(600);
});

/** With the text in the message, should it be refused. */
function edited(text: string, edit: ConfigEdit): string {
  try {
    return editConfig(text, [edit]);
  } catch (error) {
    throw new Error(`${JSON.stringify({ text, edit })}: ${String(error)}`, { cause: error });
  }
}

/** Beside `|` or `>`: part of how the text is written. */
const isHeaderComment = (text: string, mark: string): boolean => new RegExp(`[|>][-+]? ${mark}`).test(text);

function commonStart(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}

function commonEnd(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[a.length - 1 - length] === b[b.length - 1 - length]) length++;
  return length;
}

test('PyYAML reads what was written as what was meant', () => {
  const texts = builtInNames().map(name => builtInConfig(name)!);
  const strings = VALUES.filter(value => typeof value !== 'number');
  const edited = texts.flatMap(text => strings.map(value => editConfig(text, [set(['aggregation', 'variables', 'new', 'attributes', 'given'], value), set(['data_source', 'groups', 0], value)])));
  const answers = judgeJson<[JsonValue, JsonValue][]>('config/read_edited.py', [], JSON.stringify(edited));
  expect(answers).toEqual(texts.flatMap(() => strings.map(value => [value, value])));
});
