import { readPlainScalar } from '../../src/config/yaml-scalar.js';
import { parseConfig } from '../../src/config/index.js';
import { judgeJson } from '../judge.js';
import { randomFrom } from '../random.js';
import { configText } from './marked.js';

const SCALARS = [
  'yes', 'Yes', 'no', 'on', 'off', 'OFF', 'y', 'n', 'true', 'True', 'FALSE', '~', 'null', 'Null', 'None', '0', '-0', '12', '+12', '1_000', '010', '-010', '08', '0o17',
  '0b101', '0x1F', '-0x1f', '1:30', '1:30:15', '-1:30', '1:30.5', '1e3', '1e-3', '1.0e-3', '1.5e3', '1.5e+3', '.5', '-.5', '5.', '1_0.2_5', '.inf', '-.Inf', '+.inf', '.nan', '.NaN', 'NaN', 'nan', 'inf',
  '2019-04-16', '2019-4-6', '2019-04-16T10:30:00Z', '2019-04-16 10:30:00', '2019-4-6 1:02:03', '2019-04-16t10:30:00+02:00', '0_', '00', '0', '1__0', '9007199254740991', 'h_li', '-', '_1', '+', '1-2'
];

test('plain scalars mean what PyYAML reads', () => {
  const random = randomFrom(7);
  const letters = '0011278_.:-+eExXobnaNyYOf';
  const made = Array.from({ length: 3000 }, () => Array.from({ length: 1 + Math.floor(random() * 6) }, () => letters[Math.floor(random() * letters.length)]!).join(''));
  // What is no plain scalar in block context does not come here.
  const scalars = [...SCALARS, ...made].filter(text => !/^[-?:]$|:$|: |^-$/.test(text));
  const answers = judgeJson<([string, string] | null)[]>('config/read_yaml.py', [], JSON.stringify({ read: scalars }));
  const differing = scalars.flatMap((text, i) => {
    const answer = answers[i];
    if (!answer) return [];
    const { value } = readPlainScalar(text);
    const found = value === null ? ['null', 'None'] : typeof value === 'boolean' ? ['boolean', value ? 'True' : 'False'] : typeof value === 'number' ? ['number', value] : ['text', value];
    const isSame = found[0] === answer[0] && (typeof found[1] === 'number' ? found[1] === Number(answer[1]) : found[1] === answer[1]);
    return isSame ? [] : [`${text}: ${String(found)}, PyYAML ${String(answer)}`];
  });
  expect(differing).toEqual([]);
});

test.each([
  ['on', true, 'on'], ['1_000', 1000, '1_000'], ['010', 8, 10], ['1:30', 90, '1:30'], ['1e-3', '1e-3', 0.001], ['0o17', '0o17', 15], ['0b11', 3, '0b11'], ['08', '08', 8]
])('%s is told apart in YAML 1.2', (text, value, newer) => {
  expect(readPlainScalar(text)).toEqual({ value, newer });
});

test.each(['12', '-1', '1.5', '1.0e-3', 'true', '~', 'h_li', '.nan', '2019-04-16', '0x1F'])('%s is the same in both', text => {
  expect(readPlainScalar(text).newer).toBeUndefined();
});

test('a number of YAML 1.2 alone is taken as one where a number belongs, with a warning', () => {
  const { config, diagnostics } = parseConfig(configText({ variables: '    x: {function: quantile, source: h_li, params: {q: 1e-3}}\n    y: {function: len, fill_value: -1e3}\n' }));
  expect(config?.variables[0]?.expression).toMatchObject({ kwargs: { q: { kind: 'number', value: 0.001 } } });
  expect(config?.variables[1]?.fillValue).toBe(-1000);
  expect(diagnostics.map(({ code, severity, message }) => [code, severity, message])).toEqual([
    ['yaml-difference', 'warning', '1e-3 is the text "1e-3" in YAML 1.1 (PyYAML) and 0.001 in YAML 1.2; taken as 0.001: write 0.001 to be clear'],
    ['yaml-difference', 'warning', '-1e3 is the text "-1e3" in YAML 1.1 (PyYAML) and -1000 in YAML 1.2; taken as -1000: write -1000 to be clear']
  ]);
});

test('a wrong name in an expression is underlined in every style of YAML', () => {
  const random = randomFrom(3);
  const parts = ['np.mean(h_li)', "abs(h_li.min())", 'h_li[0]', "(1 if h_li.size > 2 else np.nan)", '1.5'];
  const texts = Array.from({ length: 60 }, () => {
    const terms = Array.from({ length: 1 + Math.floor(random() * 5) }, () => parts[Math.floor(random() * parts.length)]!);
    terms.splice(Math.floor(random() * (terms.length + 1)), 0, "np.max(h_wrong) # it's \"wrong\"\\ \u00e9\n");
    return terms.join(random() < 0.5 ? ' + ' : '\n+ ');
  });
  // Without comments too: folded styles join lines, and a comment would then swallow the rest.
  const plain = texts.map(text => text.replace(/#.*/g, ''));
  const written = judgeJson<string[][]>('config/read_yaml.py', [], JSON.stringify({ write: [...texts, ...plain] }));
  let seen = 0;
  for (const yaml of written.flat()) {
    const indented = yaml.replace(/\n\.\.\.\n$/, '\n').trimEnd().replaceAll('\n', '\n        ');
    const text = configText({ variables: `    x:\n      expression: ${indented}\n` });
    const { diagnostics } = parseConfig(text);
    const column = diagnostics.find(({ code }) => code === 'unknown-column');
    if (!column) throw new Error(`${yaml}: ${JSON.stringify(diagnostics)}`);
    const line = text.split('\n')[column.line - 1]!;
    expect(line.slice(column.column - 1, column.endColumn! - 1)).toBe('h_wrong');
    seen++;
  }
  expect(seen).toBe(480);
});

test('anchors, merges and tags of plain data', () => {
  const text = configText({ variables: '    a: &a {function: quantile, source: h_li, params: {q: 0.5}}\n    b: {<<: *a, params: {q: !!float 1}}\n    c: *a\n    d: {<<: [*a, {dtype: float64}], source: !!str s_li}\n' });
  const { config, diagnostics } = parseConfig(text);
  expect(diagnostics).toEqual([]);
  expect(config?.variables.map(({ name, dtype, expression }) => [name, dtype, expression.kind === 'call' && expression.kwargs.q?.kind === 'number' && expression.kwargs.q.value])).toEqual([
    ['a', 'float32', 0.5], ['b', 'float32', 1], ['c', 'float32', 0.5], ['d', 'float64', 0.5]
  ]);
});

test.each([
  ['a self-merging mapping', 'data_source: &a {<<: *a}\n'],
  ['a list within itself', 'catalog: &a [*a, *a]\n'],
  ['nested brackets', `catalog: ${'['.repeat(20000)}`],
  ['a billion laughs', `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'.split('').map((name, i) => `${name}: &${name} [${`*${'abcdefghij'[i]},`.repeat(9)}]`).join('\n')}\n`],
  ['half a character pair', '"\\ud800": 1\n'],
  ['a key that is a list', '? [a, b]\n: 1\n'],
  ['prototype names', '__proto__: {a: 1}\nconstructor: 1\ntoString: 2\n'],
  ['two documents', 'a: 1\n---\nb: 2\n'],
  ['nothing but a comment', '# x'],
  ['a byte order mark', '\ufeffdata_source: 1\n'],
  ['bytes of a binary', '\0\u0001\u0002\uffff%PNG\r\n\u001a'],
  ['a wrong directive', '%YAML 3.0\n--- a\n']
])('%s is told, not thrown', (_, text) => {
  const { config, diagnostics } = parseConfig(text);
  expect(config).toBeUndefined();
  expect(diagnostics.filter(({ severity }) => severity === 'error').length).toBeGreaterThan(0);
});

test('damaged texts never make it throw, and places lie within the text', () => {
  const whole = configText({ variables: '    x:\n      expression: >-\n        1.0 / np.sqrt(np.sum(1.0\n        / s_li**2))\n    y: {function: quantile, source: "h_li", params: {q: \'0.5\'}}\n', top: 'bounds: {temporal: {start_date: 2019-01-01}, spatial: [1, 2, 3, 4]}\n' });
  expect(parseConfig(whole).diagnostics).toEqual([]);
  const random = randomFrom(99);
  const letters = ' \n\t:-{}[]"\'#&*!|>%@`,()=.0a_\\\u00e9\ud83d';
  for (let round = 0; round < 400; round++) {
    let text = whole;
    for (let edits = 1 + Math.floor(random() * 4); edits > 0; edits--) {
      const at = Math.floor(random() * text.length);
      text = text.slice(0, at) + (random() < 0.6 ? letters[Math.floor(random() * letters.length)]! : '') + text.slice(at + Math.floor(random() * 3));
    }
    const lines = text.split('\n');
    for (const { line, column } of parseConfig(text).diagnostics) {
      expect(line).toBeLessThanOrEqual(lines.length);
      expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 2);
    }
  }
});
