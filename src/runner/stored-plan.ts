import { isJsonObject, MaggError, type JsonObject, type JsonValue } from '../base/index.js';
import type { Fingerprint } from './identity.js';
import type { CompletePlan, PlannedCell } from './plan.js';
import type { Settings } from './settings.js';

/** A plan as the journal keeps it: enough to tell what a later run would do differently. */
export interface StoredPlan {
  readonly id: string;
  readonly settings: Settings;
  readonly parentOrder: number;
  readonly cellsFrom: CompletePlan['cellsFrom'];
  readonly granules: readonly (Fingerprint & { readonly id: string })[];
  /** In the order of the store's chunks. */
  readonly cells: readonly PlannedCell[];
}

/** The plan as a file of the journal. URLs stand without user, query and fragment, where credentials may be. */
export function storedPlanText({ id, settings, parentOrder, childOrder, latitude, granules, cells, cellsFrom, config }: CompletePlan): string {
  const head = JSON.stringify({
    plan: id, parent_order: parentOrder, child_order: childOrder, latitude, cells_from: cellsFrom, settings, config: config.document,
    granules: granules.map(granule => ({ id: granule.id, url: withoutSecrets(granule.url), size: granule.sizeBytes, tag: granule.tag }))
  }, null, 1);
  const lines = cells.map(({ morton, nested, granules: list }) => `  [${JSON.stringify(morton)}, ${nested}, ${JSON.stringify(list)}]`);
  return `${head.slice(0, -2)},\n "cells": [\n${lines.join(',\n')}\n ]\n}\n`;
}

/** Reads what {@link storedPlanText} wrote. Throws `bad-journal`. */
export function parseStoredPlan(text: string, name: string): StoredPlan {
  const wrong = (what: string): never => {
    throw new MaggError('bad-journal', `${name} is no plan of a journal: ${what}. Nothing is known of what was computed from it; remove the file to compute its cells anew, or restore it`);
  };
  let document: JsonValue;
  try {
    document = JSON.parse(text) as JsonValue;
  } catch {
    return wrong('it is not JSON');
  }
  if (!isJsonObject(document)) return wrong('it is no JSON object');
  const { plan, settings, parent_order: parentOrder, granules, cells } = document;
  if (typeof plan !== 'string' || !isJsonObject(settings) || !isTexts(settings) || typeof parentOrder !== 'number' || !Array.isArray(granules) || !Array.isArray(cells)) {
    return wrong('it lacks plan, settings, parent_order, granules or cells');
  }
  return {
    id: plan,
    settings,
    parentOrder,
    cellsFrom: document.cells_from === 'coordinates' ? 'coordinates' : 'catalog',
    granules: (granules as readonly JsonValue[]).map(granule => granuleOf(granule) ?? wrong('a granule has no id')),
    cells: (cells as readonly JsonValue[]).map(cell => cellOf(cell, granules.length) ?? wrong('a cell is not [morton, nested, granules]'))
  };
}

function granuleOf(value: JsonValue): StoredPlan['granules'][number] | undefined {
  if (!isJsonObject(value) || typeof value.id !== 'string') return undefined;
  const { id, size, tag } = value;
  return { id, sizeBytes: typeof size === 'number' ? size : undefined, tag: typeof tag === 'string' ? tag : undefined };
}

function cellOf(value: JsonValue, granules: number): PlannedCell | undefined {
  if (!Array.isArray(value)) return undefined;
  const [morton, nested, list] = value as readonly JsonValue[];
  if (typeof morton !== 'string' || !Number.isSafeInteger(nested) || !Array.isArray(list)) return undefined;
  const isPlace = (g: JsonValue): g is number => Number.isInteger(g) && (g as number) >= 0 && (g as number) < granules;
  return list.every(isPlace) ? { morton, nested: nested as number, granules: list } : undefined;
}

const isTexts = (object: JsonObject): object is Record<string, string> => Object.values(object).every(value => typeof value === 'string');

const withoutSecrets = (url: string): string => (/^[a-z][a-z0-9+.-]+:\/\//i.test(url) ? url.replace(/[?#].*$/s, '').replace(/^([^/]+:\/\/)[^/@]*@/, '$1') : url);
