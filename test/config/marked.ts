import { parseConfig, type Diagnostic } from '../../src/config/index.js';

/** A small valid config; `variables` and other sections can be put in place of its own. */
export interface Sections {
  readonly top?: string;
  readonly source?: string;
  readonly coordinates?: string;
  readonly variables?: string;
  readonly output?: string;
}

const SOURCE = `  groups: [gt1l, gt1r]
  coordinates:
    latitude: "/{group}/lat"
    longitude: "/{group}/lon"
  variables:
    h_li: "/{group}/h_li"
    s_li: "/{group}/s_li"
`;
const VARIABLES = `    count:
      function: len
      dtype: int32
      fill_value: 0
`;

export function configText({ top = '', source = SOURCE, coordinates = '', variables = VARIABLES, output = '  grid: {child_order: 12}\n' }: Sections = {}): string {
  return `data_source:\n${source}aggregation:\n${coordinates}  variables:\n${variables}output:\n${output}${top}`;
}

/** The text of a variable `x` that is an expression, written as given. */
export const expressionText = (written: string): string => configText({ variables: `    x:\n      expression: ${written}\n` });

export interface Marked {
  readonly text: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Takes the marks « and » out of a text and gives their places, from 1. */
export function unmark(marked: string): Marked {
  const from = marked.indexOf('«');
  const to = marked.indexOf('»') - 1;
  const text = marked.replace(/[«»]/g, '');
  const position = (offset: number): [number, number] => {
    const before = text.slice(0, offset).split('\n');
    return [before.length, before.at(-1)!.length + 1];
  };
  const [line, column] = position(from);
  const [endLine, endColumn] = position(to);
  return { text, line, column, endLine, endColumn };
}

/** The diagnostics of a marked text, and what they should underline. */
export function diagnose(marked: string): { readonly diagnostics: readonly Diagnostic[]; readonly place: Marked; readonly isUsable: boolean } {
  const place = unmark(marked);
  const { config, diagnostics } = parseConfig(place.text);
  return { diagnostics, place, isUsable: config !== undefined };
}
