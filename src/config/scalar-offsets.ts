export type ScalarStyle = 'plain' | 'single' | 'double' | 'block';

const isSpace = (char: string | undefined): boolean => char === ' ' || char === '\t' || char === '\n' || char === '\r';

/**
 * Where each character of a decoded YAML scalar stands in its source: `offsets[i]` for `value[i]`, and one more for the end.
 * YAML changes only white space (folding, indentation), doubled quotes and escapes, so the other characters are met in order.
 *
 * @param source the scalar as written, quotes and block header included
 */
export function scalarOffsets(value: string, source: string, style: ScalarStyle): readonly number[] {
  const offsets: number[] = [];
  let at = style === 'block' ? source.indexOf('\n') + 1 : style === 'plain' ? 0 : 1;
  for (let i = 0; i < value.length; i++) {
    const char = value[i]!;
    if (isSpace(char)) {
      const escape = style === 'double' ? escapeAt(source, at) : undefined;
      offsets.push(at);
      if (escape && isSpace(escape.text)) at += escape.length;
      else if (isSpace(source[at])) at++;
      continue;
    }
    at = skipSpace(source, at, style);
    offsets.push(at);
    const escape = style === 'double' ? escapeAt(source, at) : undefined;
    if (escape) {
      // The second half of a pair belongs to the same escape.
      for (let rest = 1; rest < escape.text.length; rest++, i++) offsets.push(at);
      at += escape.length;
    } else at += style === 'single' && char === "'" ? 2 : 1;
  }
  offsets.push(at);
  return offsets;
}

function skipSpace(source: string, from: number, style: ScalarStyle): number {
  let at = from;
  for (;;) {
    if (isSpace(source[at])) at++;
    else {
      const escape = style === 'double' ? escapeAt(source, at) : undefined;
      if (!escape || !(escape.text === '' || isSpace(escape.text))) return at;
      at += escape.length;
    }
  }
}

/** The escape that starts at `at`: its length in the source and what it stands for; an escaped line end stands for nothing. */
function escapeAt(source: string, at: number): { readonly length: number; readonly text: string } | undefined {
  if (source[at] !== '\\') return undefined;
  const kind = source[at + 1];
  if (kind === '\n') return { length: 2, text: '' };
  if (kind === '\r') return { length: source[at + 2] === '\n' ? 3 : 2, text: '' };
  const digits = kind === 'x' ? 2 : kind === 'u' ? 4 : kind === 'U' ? 8 : 0;
  if (digits > 0) {
    const code = Number.parseInt(source.slice(at + 2, at + 2 + digits), 16);
    return { length: 2 + digits, text: code <= 0x10ffff ? String.fromCodePoint(code) : '?' };
  }
  return { length: 2, text: kind === 't' ? '\t' : kind === 'n' ? '\n' : kind === 'r' ? '\r' : kind === ' ' ? ' ' : '?' };
}
