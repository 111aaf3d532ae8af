// jest's asymmetric matchers are typed any: these are not.
export const containing = (text: string): unknown => expect.stringContaining(text);
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
/** For toThrow: an error with these fields. */
export const having = (fields: Readonly<Record<string, unknown>>): Error => expect.objectContaining(fields) as Error;
