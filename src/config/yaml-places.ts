import type { Scalar } from 'yaml';
import type { Span } from './expression.js';
import type { Path, Places } from './report.js';
import { scalarOffsets, type ScalarStyle } from './scalar-offsets.js';

interface Entry {
  readonly key: Span | undefined;
  readonly value: Span;
  readonly scalar: Scalar | undefined;
  /** True inside `{}` or `[]`. */
  readonly isFlow: boolean;
}

const STYLES: Readonly<Record<string, ScalarStyle>> = { PLAIN: 'plain', QUOTE_SINGLE: 'single', QUOTE_DOUBLE: 'double', BLOCK_LITERAL: 'block', BLOCK_FOLDED: 'block' };

/** Places in a YAML text; filled by its reader. */
export class YamlPlaces implements Places {
  readonly #text: string;
  /** Offsets at which lines begin; made when first asked for. */
  #lineStarts: readonly number[] | undefined;
  readonly #entries = new Map<string, Entry>();

  constructor(text: string) {
    this.#text = text;
  }

  set(path: Path, entry: Entry): void {
    this.#entries.set(JSON.stringify(path), entry);
  }

  key(path: Path): Span | undefined {
    return this.#entry(path)?.key;
  }

  value(path: Path): Span | undefined {
    return this.#entry(path)?.value;
  }

  within(path: Path, { from, to }: Span): Span | undefined {
    const { scalar, value: { from: start, to: end } = { from: 0, to: 0 } } = this.#entry(path) ?? {};
    const style = STYLES[scalar?.type ?? ''];
    if (!scalar || !style || typeof scalar.value !== 'string') return undefined;
    const offsets = scalarOffsets(scalar.value, this.#text.slice(start, end), style);
    const first = offsets[Math.min(from, offsets.length - 1)]!;
    const last = to > from ? offsets[Math.min(to, offsets.length - 1) - 1]! + 1 : first;
    return { from: start + first, to: start + Math.max(last, first) };
  }

  source(path: Path): string | undefined {
    const at = this.#entry(path);
    return at?.scalar && this.#text.slice(at.value.from, at.value.to);
  }

  newEntry(path: Path, entry: string): string {
    const at = this.#entry(path);
    if (!at?.key || at.isFlow) return `, ${entry}`;
    return `\n${' '.repeat(this.position(at.key.from).column - 1)}${entry}`;
  }

  position(offset: number): { line: number; column: number } {
    const starts = (this.#lineStarts ??= [0, ...Array.from(this.#text.matchAll(/\n/g), ({ index }) => index + 1)]);
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - starts[low]! + 1 };
  }

  #entry(path: Path): Entry | undefined {
    return this.#entries.get(JSON.stringify(path));
  }
}
