import { isJsonObject, MaggError, type JsonValue } from '../base/index.js';
import { composeYaml } from './compose-yaml.js';
import { readYaml } from './read-yaml.js';
import { formatPath, type Path } from './report.js';
import { refuse } from './yaml-cursor.js';
import { splicesToRemove, splicesToSet } from './yaml-splices.js';

/** One change of a config. Steps of a path are keys, and positions in lists from 0. */
export type ConfigEdit =
  /** Sets the value; mappings and the next entry of a list on the way to it are made where they are missing. */
  | { readonly path: Path; readonly value: JsonValue; readonly remove?: never }
  /** Takes out a key with its value, or an entry of a list. */
  | { readonly path: Path; readonly remove: true; readonly value?: never };

/**
 * The text of a config with changes made in place, one after the other: comments, order, quotes, indentation, line ends, a byte
 * order mark and all else outside of the values that change stay as they are, character by character. A text keeps its way of
 * quoting where that can hold the new one. New keys come last in their mapping, with its indentation.
 *
 * The text must be YAML or JSON; the config need not be valid.
 *
 * @throws MaggError `config-edit` when the text is no YAML, when the path leads nowhere, or when the change would change the
 *   value of an alias elsewhere. The message says what to do.
 */
export function editConfig(text: string, edits: readonly ConfigEdit[]): string {
  return edits.reduce(editOnce, text);
}

function editOnce(text: string, edit: ConfigEdit): string {
  const { path } = edit;
  if (path.length === 0) return refuse(path, 'an edit names a key');
  const before = valueOf(text, path);
  const composed = composeYaml(text, { keepSourceTokens: true });
  // It was read before.
  if (composed.kind !== 'document') return refuse(path, 'the text could not be read');
  const { document } = composed;
  const splices = edit.remove ? splicesToRemove(text, document, path) : splicesToSet(text, document, path, edit.value);
  const edited = [...splices].sort((a, b) => b.from - a.from || b.to - a.to).reduce((made, { from, to, text: part }) => made.slice(0, from) + part + made.slice(to), text);
  const expected = withoutNulls(edit.remove ? removed(before, path) : set(before, path, edit.value));
  if (isSame(valueOf(edited, path, true), expected)) return edited;
  return refuse(path, 'the text is written in a way that cannot be changed in place; change it by hand');
}

/** `isOurs`: the text is one that was just made. */
function valueOf(text: string, path: Path, isOurs = false): JsonValue {
  const { value, report } = readYaml(text);
  const wrong = report.diagnostics().find(({ severity }) => severity === 'error');
  if (!wrong) return withoutNulls(value ?? null);
  if (isOurs) return refuse(path, 'the text is written in a way that cannot be changed in place; change it by hand');
  throw new MaggError('config-edit', `${formatPath(path)} was not changed: the text must be YAML first; line ${wrong.line}, column ${wrong.column}: ${wrong.message}`);
}

function set(before: JsonValue | undefined, [step, ...rest]: Path, value: JsonValue): JsonValue {
  if (step === undefined) return value;
  if (typeof step === 'number' && (Array.isArray(before) || before === undefined || before === null)) {
    const list = Array.isArray(before) ? [...(before as JsonValue[])] : [];
    list[step] = set(list[step], rest, value);
    return list;
  }
  const own = isJsonObject(before) ? before : {};
  return { ...own, [step]: set(Object.hasOwn(own, step) ? own[step] : undefined, rest, value) };
}

function removed(before: JsonValue | undefined, [step, ...rest]: Path): JsonValue {
  if (Array.isArray(before)) {
    return (before as readonly JsonValue[]).flatMap((item, i) => (i !== step ? [item] : rest.length === 0 ? [] : [removed(item, rest)]));
  }
  if (!isJsonObject(before)) return before ?? null;
  return Object.fromEntries(Object.entries(before).flatMap(([key, item]) => {
    if (key !== String(step)) return [[key, item]];
    return rest.length === 0 ? [] : [[key, removed(item, rest)]];
  }));
}

/** Without the keys that have no value, which is how a config is read. */
function withoutNulls(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withoutNulls);
  return isJsonObject(value) ? Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null).map(([key, item]) => [key, withoutNulls(item)])) : value;
}

function isSame(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item: JsonValue, i) => isSame(item, (b as JsonValue[])[i]));
  if (!isJsonObject(a) || !isJsonObject(b)) return Object.is(a, b);
  return Object.keys(a).length === Object.keys(b).length && Object.keys(a).every(key => Object.hasOwn(b, key) && isSame(a[key], b[key]));
}
