import type { JsonObject, JsonValue } from '../base/index.js';
import { pipelineSchema } from './pipeline-document.generated.js';
import type { Path } from './report.js';

let made: JsonObject | undefined;

/** The schema as plain JSON, made when first asked for. */
export function schemaRoot(): JsonObject {
  return (made ??= pipelineSchema() as JsonObject);
}

/** The part of the schema that speaks of the value at `path`; keys beside `$ref` win. Undefined for an unknown key. */
export function schemaAt(path: Path): JsonObject | undefined {
  let node: JsonObject | undefined = schemaRoot();
  for (const step of path) {
    if (!node) return undefined;
    node = resolved(typeof step === 'number' ? node.items : (own(asObject(node.properties), step) ?? node.additionalProperties));
  }
  return node;
}

/** Keys that the section at `path` takes; none for a section whose keys are the user's own names. */
export function keysAt(path: Path): readonly string[] {
  return Object.keys(asObject(schemaAt(path)?.properties) ?? {});
}

/** JSON types that the value at `path` may have. */
export function typesAt(path: Path): readonly string[] {
  const type = schemaAt(path)?.type;
  return typeof type === 'string' ? [type] : Array.isArray(type) ? (type as string[]) : [];
}

function resolved(value: JsonValue | undefined): JsonObject | undefined {
  const node = asObject(value);
  if (typeof node?.$ref !== 'string') return node;
  const target = asObject(asObject(schemaRoot().$defs)?.[node.$ref.replace('#/$defs/', '')]);
  return { ...target, ...node };
}

const own = (object: JsonObject | undefined, key: string): JsonValue | undefined => (object && Object.hasOwn(object, key) ? object[key] : undefined);

function asObject(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}
