import { Composer, Lexer, Parser, type CST, type Document } from 'yaml';
import type { Span } from './expression.js';

/** Levels of nesting that are composed: more than a config may have, so that its reader says where it is too deep. */
const MAX_OPEN = 400;
/** Characters. Ten thousand granules by URL are a million. */
const MAX_LENGTH = 16_000_000;

export type Composed =
  /** `second` is where a second document begins. */
  | { readonly kind: 'document'; readonly document: Document; readonly second: Span | undefined }
  | { readonly kind: 'too-deep'; readonly at: number }
  | { readonly kind: 'too-long'; readonly most: number };

/**
 * A YAML text as nodes; scalars are texts. The depth is checked while the text is split into tokens, which takes no stack: composing
 * descends by recursion, and an engine whose stack is full may end the whole process instead of throwing.
 */
export function composeYaml(text: string, { keepSourceTokens = false } = {}): Composed {
  if (text.length > MAX_LENGTH) return { kind: 'too-long', most: MAX_LENGTH };
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > MAX_OPEN) return { kind: 'too-deep', at: Math.min(parser.offset, text.length) };
  }
  for (const token of parser.end()) tokens.push(token);
  return withoutTraces(() => compose(tokens, text.length, keepSourceTokens));
}

function compose(tokens: readonly CST.Token[], length: number, keepSourceTokens: boolean): Composed {
  const composer = new Composer({ schema: 'failsafe', version: '1.2', uniqueKeys: false, prettyErrors: false, logLevel: 'error', keepSourceTokens });
  let document: Document | undefined;
  for (const composed of composer.compose(tokens, true, length)) {
    if (document) return { kind: 'document', document, second: { from: composed.range[0], to: composed.range[1] } };
    document = composed;
  }
  // Asked for with `true`, a document comes in any case.
  return { kind: 'document', document: document!, second: undefined };
}

/** A damaged text can make an error object of each character, and where in the composer it was made costs most of the time. */
function withoutTraces<T>(work: () => T): T {
  const { stackTraceLimit } = Error as { stackTraceLimit?: number };
  if (stackTraceLimit === undefined) return work();
  (Error as { stackTraceLimit?: number }).stackTraceLimit = 0;
  try {
    return work();
  } finally {
    (Error as { stackTraceLimit?: number }).stackTraceLimit = stackTraceLimit;
  }
}
