import { MaggError } from '../base/index.js';

const MAX_ALTERNATIVES = 1000;

/** Whether a path holds `*`, `?` or `{a,b}`. */
export function isGlob(path: string): boolean {
  return /[*?]|\{[^{}]*,[^{}]*\}/.test(path);
}

/** `a{b,c}d` as `abd` and `acd`, group by group; groups do not nest. Throws `bad-pattern` above 1,000 results. */
export function expandBraces(pattern: string): readonly string[] {
  let results = [''];
  let at = 0;
  for (const match of pattern.matchAll(/\{([^{}]*,[^{}]*)\}/g)) {
    const before = pattern.slice(at, match.index);
    const choices = match[1]!.split(',');
    if (results.length * choices.length > MAX_ALTERNATIVES) {
      throw new MaggError('bad-pattern', `expected at most ${MAX_ALTERNATIVES} alternatives in ${pattern}; write several patterns, or use *`);
    }
    results = results.flatMap(result => choices.map(choice => result + before + choice));
    at = match.index + match[0].length;
  }
  return results.map(result => result + pattern.slice(at));
}

/**
 * Whether a name without slashes matches a pattern of `*` (any characters) and `?` (one). Names that begin with a dot need
 * a pattern that does. In linear space and at most pattern times name steps, whatever the pattern.
 */
export function matchesName(pattern: string, name: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  let p = 0, n = 0, star = -1, resume = 0;
  while (n < name.length) {
    if (p < pattern.length && pattern[p] === '*') {
      star = p++;
      resume = n;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === name[n])) {
      p++;
      n++;
    } else if (star >= 0) {
      p = star + 1;
      n = ++resume;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
