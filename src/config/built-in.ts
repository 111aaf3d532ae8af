import { ATL03 } from './built-in/atl03.js';
import { ATL06 } from './built-in/atl06.js';
import { ATL08 } from './built-in/atl08.js';

const CONFIGS: ReadonlyMap<string, string> = new Map([['atl06', ATL06], ['atl03', ATL03], ['atl08', ATL08]]);

/** YAML text of a config that comes with magg; `.yaml` after the name is allowed. Undefined when there is none of that name. */
export function builtInConfig(name: string): string | undefined {
  return CONFIGS.get(name.replace(/\.ya?ml$/, ''));
}

export function builtInNames(): readonly string[] {
  return [...CONFIGS.keys()];
}
