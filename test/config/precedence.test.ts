import { parsePython } from '../../src/config/expression-parser.js';
import type { Expression } from '../../src/config/index.js';
import { judgeJson } from '../judge.js';
import { randomFrom } from '../random.js';
import { evaluate } from './evaluate.js';

const NAMES = { a: 2, b: 3, c: 5, d: -1, zero: 0 };

/** Exponents that Python's whole numbers survive. */
const SMALL_POWERS = ['2', '-1', '-a', '- a**2', 'a**a', 'zero', '+b', '-zero**a', 'True'];

function parse(text: string): Expression {
  const problems: string[] = [];
  const expression = parsePython(text, problem => problems.push(problem.message));
  if (!expression) throw new Error(`${text}: ${problems.join('; ')}`);
  return expression;
}

/** Random text of few parentheses, so that precedence decides. Comparisons stand only where Python's grammar lets them. */
function randomText(random: () => number): string {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const gap = (): string => pick(['', ' ', '  ', '\n ']);
  const atom = (depth: number): string => {
    if (depth > 0 && random() < 0.25) return `(${test(depth - 1)})`;
    if (depth > 0 && random() < 0.15) return `${pick(['abs', 'max', 'min'])}(${test(depth - 1)}${gap()})`.replace(/^(max|min)\((.*)\)$/s, '$1($2, 1)');
    return pick([...Object.keys(NAMES), '2', '3', '1.', '.5', '1.5', '0x1F', '1_0', '2.e0', 'True', 'False', '0o7', '0b11']);
  };
  const power = (depth: number): string => (random() < 0.2 ? `${atom(depth)}${gap()}**${gap()}${pick(SMALL_POWERS)}` : atom(depth));
  const unary = (depth: number): string => (random() < 0.3 ? `${pick(['-', '+'])}${gap()}${unary(depth)}` : power(depth));
  const arithmetic = (depth: number): string => {
    let text = unary(depth);
    for (let terms = Math.floor(random() * 3); terms > 0; terms--) text += `${gap()}${pick(['+', '-', '*', '/', '//', '%', '&', '|', '^'])}${gap()}${unary(depth)}`;
    return text;
  };
  const comparison = (depth: number): string => {
    let text = arithmetic(depth);
    for (let terms = random() < 0.4 ? 1 + Math.floor(random() * 2) : 0; terms > 0; terms--) text += ` ${pick(['<', '<=', '>', '>=', '==', '!='])} ${arithmetic(depth)}`;
    return text;
  };
  const inversion = (depth: number): string => (random() < 0.25 ? `not ${inversion(depth)}` : comparison(depth));
  const logic = (depth: number): string => {
    let text = inversion(depth);
    for (let terms = Math.floor(random() * 3); terms > 0; terms--) text += ` ${pick(['and', 'or'])} ${inversion(depth)}`;
    return text;
  };
  const test = (depth: number): string => (random() < 0.15 ? `${logic(depth)} if ${logic(depth)} else ${test(depth - 1)}` : logic(depth));
  return test(2);
}

test('random texts mean what Python means by them', () => {
  const random = randomFrom(20261121);
  const texts = Array.from({ length: 2000 }, () => `(${randomText(random)})`);
  const answers = judgeJson<(number | null)[]>('config/precedence.py', [], JSON.stringify({ texts, names: NAMES }));
  const differing = texts.flatMap((text, i) => {
    const expected = answers[i];
    if (expected === null || expected === undefined) return [];
    const found = Number(evaluate(parse(text), NAMES));
    return Math.abs(found - expected) <= 1e-9 * Math.max(1, Math.abs(expected)) ? [] : [`${text}: ${found}, Python ${expected}`];
  });
  expect(differing).toEqual([]);
  expect(answers.filter(answer => answer !== null).length).toBeGreaterThan(400);
});

test.each([
  ['-a**2', -4], ['2**-1', 0.5], ['2**-a**2', 1 / 16], ['a**b**a', 512], ['not a == b', 1], ['not zero and zero', 0], ['zero or not a and b', 0],
  ['a if zero else b if zero else c', 5], ['1 < a < b < c', 1], ['c > a < b', 1], ['-7 // 2', -4], ['-7 % 3', 2], ['a | b == 3', 1], ['1 - 2 - 3', -4]
])('%s', (text, value) => {
  expect(Number(evaluate(parse(text), NAMES))).toBe(value);
});
