import type { Span } from './expression.js';
import type { Tell } from './expression-problem.js';

/** An expression's text made ready for the grammar, and what the grammar does not keep. */
export interface Tokens {
  /** As long as the text; every number is a run of digits, since the grammar does not know `1.` and `1.e5`. */
  readonly text: string;
  /** Numbers by the offset of their first character. */
  readonly numbers: ReadonlyMap<number, number>;
}

const TOKEN = new RegExp(
  [
    String.raw`(?<space>[ \t\f\r\n]+|\\\r?\n|#[^\r\n]*)`,
    String.raw`(?<number>0[xX][0-9a-fA-F_]*|0[oO][0-9_]*|0[bB][0-9_]*|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d[\d_]*)?)(?<imaginary>[jJ]?)`,
    String.raw`(?<prefix>[a-zA-Z]{0,2})(?<text>"[^"\r\n]*"?|'[^'\r\n]*'?)`,
    String.raw`(?<name>[\p{L}_][\p{L}\p{N}_]*)`,
    String.raw`(?<mark>:=|\*\*=|//=|<<=|>>=|->|<>|\*\*|//|<<|>>|<=|>=|==|!=|[-+*/%&|^@]=|[-+*/%&|^~<>()[\]{},.:;=@])`
  ].join('|'),
  'uy'
);
const NUMBER = /^(?:0(?:_?0)*|[1-9](?:_?\d)*|0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*)?\.\d(?:_?\d)*(?:[eE][-+]?\d(?:_?\d)*)?|\d(?:_?\d)*\.?(?:[eE][-+]?\d(?:_?\d)*)?)$/;
const LEADING_ZERO = /^0[\d_]*[1-9]$|^0\d[\d_]*$/;

const MARKS: Readonly<Record<string, string>> = {
  ':=': 'nothing can be assigned: write the value where it is used',
  '@': 'there are no matrices: a column has one value per row',
  '<<': 'bits cannot be shifted: multiply by a power of 2',
  '>>': 'bits cannot be shifted: divide by a power of 2 with //',
  '<>': 'write != for "not equal"',
  ';': 'write one expression, without ;',
  '{': 'sets and dictionaries are not allowed: write numbers and columns',
  '->': 'functions cannot be defined',
  ':': 'it belongs between [ and ], as in h_li[:10] or h_li[1:]'
};
const WORDS: Readonly<Record<string, string>> = {
  lambda: 'functions cannot be defined: write the arithmetic where it is used',
  for: 'loops are not needed: arithmetic on a column works on all its rows at once',
  is: 'compare with == or !=',
  in: 'compare with == and join with |, as in (q == 1) | (q == 2)',
  import: 'nothing can be imported: functions such as np.sqrt are there without it'
};
for (const word of ['yield', 'await', 'async', 'def', 'class', 'del', 'return', 'with', 'while', 'try', 'raise', 'global', 'nonlocal', 'assert', 'pass', 'break', 'continue', 'from', 'as', 'elif', 'except', 'finally']) {
  (WORDS as Record<string, string>)[word] = 'write one expression over columns, such as np.mean(h_li)';
}
const CLOSES: Readonly<Record<string, string>> = { ')': '(', ']': '[' };

/**
 * Splits Python text into tokens and refuses what no expression may hold, with the reason: words and marks of statements,
 * functions, comprehensions; texts with backslashes; brackets without their other half. Undefined when anything was refused.
 */
export function readTokens(source: string, tell: Tell): Tokens | undefined {
  const numbers = new Map<number, number>();
  const open: { readonly mark: string; readonly at: number }[] = [];
  let text = '';
  let isGood = true;
  const refuse = (code: 'expression-syntax' | 'expression-not-allowed', message: string, from: number, to: number): void => {
    isGood = false;
    tell({ code, message, span: { from, to } });
  };
  for (let at = 0; at < source.length; ) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(source);
    const groups = match?.groups;
    if (!match || !groups) {
      const char = String.fromCodePoint(source.codePointAt(at)!);
      refuse('expression-syntax', char === '!' ? '! is not Python: write not, or ~ for a mask' : `${char} is not Python`, at, at + char.length);
      return undefined;
    }
    const token = match[0];
    const to = at + token.length;
    let kept = token;
    if (groups.number !== undefined) {
      const problem = numberProblem(groups.number, groups.imaginary ?? '');
      if (problem) refuse('expression-syntax', problem, at, to);
      numbers.set(at, Number(groups.number.replaceAll('_', '')));
      kept = '1'.repeat(token.length);
    } else if (groups.text !== undefined) {
      const problem = textProblem(groups.text, groups.prefix ?? '');
      if (problem) refuse('expression-not-allowed', problem, at, to);
    } else if (groups.name !== undefined) {
      const remedy = Object.hasOwn(WORDS, token) ? WORDS[token] : undefined;
      if (remedy !== undefined) refuse('expression-not-allowed', `${token} is not allowed in an expression: ${remedy}`, at, to);
    } else if (groups.mark !== undefined) {
      checkMark(token, { from: at, to }, open, refuse);
    }
    text += kept;
    at = to;
    // What follows the first refusal is rarely worth reading: `for x in y` is one problem.
    if (!isGood) return undefined;
  }
  for (const { mark, at } of open) refuse('expression-syntax', `${mark} is never closed`, at, at + 1);
  return isGood ? { text, numbers } : undefined;
}

function checkMark(mark: string, { from, to }: Span, open: { mark: string; at: number }[], refuse: (code: 'expression-syntax' | 'expression-not-allowed', message: string, from: number, to: number) => void): void {
  if (mark === '(' || mark === '[') open.push({ mark, at: from });
  else if (CLOSES[mark] !== undefined) {
    const last = open.pop();
    if (last?.mark !== CLOSES[mark]) refuse('expression-syntax', last ? `${mark} closes the ${last.mark} of column ${last.at + 1} of the expression` : `${mark} has no ${CLOSES[mark]} before it`, from, to);
  } else if (mark === '=' && open.at(-1)?.mark !== '(') refuse('expression-not-allowed', '= assigns, which is not allowed: compare with ==', from, to);
  else if (MARKS[mark] !== undefined && !(mark === ':' && open.at(-1)?.mark === '[')) refuse('expression-not-allowed', `${mark} is not allowed in an expression: ${MARKS[mark]}`, from, to);
  else if (mark === '}') refuse('expression-syntax', '} has no { before it', from, to);
  else if (mark.length > 1 && mark.endsWith('=') && !['<=', '>=', '==', '!='].includes(mark)) refuse('expression-not-allowed', `${mark} assigns, which is not allowed: write the arithmetic itself`, from, to);
}

function numberProblem(number: string, imaginary: string): string | undefined {
  if (imaginary !== '') return `${number}${imaginary} is a complex number: statistics are real`;
  if (/^\d[\d_]*$/.test(number) && LEADING_ZERO.test(number) && Number(number.replaceAll('_', '')) !== 0) {
    const plain = number.replace(/^[0_]+/, '');
    return `${number} is no number in Python: write ${plain}${/^[0-7_]+$/.test(plain) ? `, or 0o${plain} for base 8` : ''}`;
  }
  return NUMBER.test(number) ? undefined : `${number} is no number in Python`;
}

function textProblem(text: string, prefix: string): string | undefined {
  if (prefix !== '') return `a text with the prefix ${prefix} is not allowed: write it without`;
  if (text.length < 2 || text.at(-1) !== text[0]) return `the text that begins with ${text[0]} is never closed`;
  return text.includes('\\') ? 'a text with a backslash is not allowed' : undefined;
}
