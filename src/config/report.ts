import type { Diagnostic, DiagnosticCode } from './diagnostic.js';
import type { Span } from './expression.js';

/** Keys and positions from the root of a document. */
export type Path = readonly (string | number)[];

/** Where the parts of a document stand in its text. Offsets in UTF-16 units, `to` exclusive. */
export interface Places {
  key(path: Path): Span | undefined;
  value(path: Path): Span | undefined;
  /** Part of a text value: `span` counts in the decoded text, the answer in the document's. */
  within(path: Path, span: Span): Span | undefined;
  /** A scalar as it is written. */
  source(path: Path): string | undefined;
  /** What to write after the value at `path` to give its mapping one more entry. */
  newEntry(path: Path, entry: string): string;
  /** Line and column, both from 1. */
  position(offset: number): { readonly line: number; readonly column: number };
}

/** The places of a document without a text. */
export const NOWHERE: Places = {
  key: () => undefined,
  value: () => undefined,
  within: () => undefined,
  source: () => undefined,
  newEntry: (_, entry) => entry,
  position: () => ({ line: 1, column: 1 })
};

export interface Problem {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly path: Path;
  /** Default: the value; a part of it with `span`. */
  readonly at?: 'key' | 'value';
  readonly span?: Span | undefined;
  readonly severity?: 'warning' | undefined;
  /** Replaces what is underlined. */
  readonly fix?: { readonly title: string; readonly replacement: string } | undefined;
}

/** `aggregation.variables.count`, `data_source.groups[0]`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`), '');
}

/** A name in it may be as long as the text. */
const MAX_MESSAGE = 1000;
const shortened = (message: string): string => (message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE / 2)} … ${message.slice(-MAX_MESSAGE / 2)}` : message);

/** More than anybody reads, or a list can show. */
const MOST_DIAGNOSTICS = 1000;

function withRest(all: readonly Diagnostic[]): readonly Diagnostic[] {
  const listed = all.slice(0, MOST_DIAGNOSTICS - 1);
  const rest = all.slice(listed.length);
  const { line, column } = rest[0]!;
  return [...listed, { code: 'more-problems', severity: rest.some(({ severity }) => severity === 'error') ? 'error' : 'warning', message: `${rest.length} more problems are not listed: correct those before, and check again`, path: '', line, column }];
}

/** Collects diagnostics; {@link Report.diagnostics} gives them by place. */
export class Report {
  readonly #found: { readonly from: number; readonly diagnostic: Diagnostic }[] = [];
  /** Paths with an error, and those above them. */
  readonly #wrong = new Set<string>();
  readonly #aroundWrong = new Set<string>();
  readonly #places: Places;
  #failed = false;

  constructor(places: Places) {
    this.#places = places;
  }

  get places(): Places {
    return this.#places;
  }

  /** True once an error was added. */
  get failed(): boolean {
    return this.#failed;
  }

  add(problem: Problem): void {
    this.addAt(this.#underline(problem), problem);
  }

  /** Adds a problem at a place of the text that belongs to no path; undefined: no place is known. */
  addAt(place: Span | undefined, { code, message, path, severity: written, fix }: Problem): void {
    const severity = written ?? 'error';
    if (severity === 'error') {
      this.#failed = true;
      this.#wrong.add(formatPath(path));
      path.forEach((_, i) => this.#aroundWrong.add(formatPath(path.slice(0, i + 1))));
    }
    const start = this.#places.position(place?.from ?? 0);
    const end = place && this.#places.position(place.to);
    this.#found.push({
      from: place?.from ?? 0,
      diagnostic: {
        code, severity, message: shortened(message), path: formatPath(path), ...start,
        ...(end && { endLine: end.line, endColumn: end.column }),
        ...(fix && place && { fix: { ...fix, from: place.from, to: place.to } })
      }
    });
  }

  /** True when an error was added for just this path. */
  hasError(path: Path): boolean {
    return this.#wrong.has(formatPath(path));
  }

  /** True when an error was added for this path or for a part of it. */
  hasErrorWithin(path: Path): boolean {
    return this.#aroundWrong.has(formatPath(path));
  }

  /** By place; a warning about a value is left out where an error speaks of the same. Of more than a thousand the last says how many more there are. */
  diagnostics(): readonly Diagnostic[] {
    const errors = new Set(this.#found.filter(({ diagnostic }) => diagnostic.severity === 'error').map(({ diagnostic }) => diagnostic.path));
    const all = this.#found
      .filter(({ diagnostic: { severity, path } }) => severity === 'error' || !errors.has(path))
      .sort((a, b) => a.from - b.from)
      .map(({ diagnostic }) => diagnostic);
    return all.length > MOST_DIAGNOSTICS ? withRest(all) : all;
  }

  #underline({ path, at = 'value', span }: Problem): Span | undefined {
    if (span) {
      const part = this.#places.within(path, span);
      if (part) return part;
    }
    // What is missing has no place: the nearest key above it does.
    for (let length = path.length; length > 0; length--) {
      const above = path.slice(0, length);
      const place = at === 'key' || length < path.length ? this.#places.key(above) ?? this.#places.value(above) : this.#places.value(above) ?? this.#places.key(above);
      if (place) return place;
    }
    return undefined;
  }
}
