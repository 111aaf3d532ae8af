import type { QUANTILE_METHODS } from '../../config/index.js';
import { rint } from './number-rules.js';

export interface QuantileRule {
  /** One of numpy's, or `median`, which is the mean of the middle values. */
  readonly method: (typeof QUANTILE_METHODS)[number] | 'median';
  /** 0 to 1. */
  readonly q: number;
}

/** Where a quantile lies in n sorted values, written into `lower[i]`, `upper[i]` (ranks) and `weight[i]` (of the upper). */
export function locate(rule: QuantileRule, n: number, i: number, lower: Int32Array, upper: Int32Array, weight: Float64Array): void {
  const at = virtualIndex(rule, n);
  const k = Math.floor(at);
  lower[i] = k;
  upper[i] = k;
  weight[i] = 0;
  if (k + 1 >= n || (isPick(rule.method) && rule.method !== 'median')) return;
  if (rule.method === 'median' && k === at) return;
  upper[i] = k + 1;
  weight[i] = at - k;
}

/** numpy's `_lerp`, from the nearer end; the median is numpy's mean of two. */
export function interpolate(method: QuantileRule['method'], a: number, b: number, weight: number): number {
  if (isPick(method)) return weight === 0 ? a : (a + b) / 2;
  const difference = b - a;
  return weight >= 0.5 ? b - difference * (1 - weight) : a + difference * weight;
}

function isPick(method: QuantileRule['method']): boolean {
  return method !== 'linear' && method !== 'midpoint';
}

function virtualIndex({ method, q }: QuantileRule, n: number): number {
  const at = (n - 1) * q;
  switch (method) {
    case 'linear':
      return at;
    case 'lower':
      return Math.floor(at);
    case 'higher':
      return Math.ceil(at);
    case 'nearest':
      return rint(at);
    case 'midpoint':
      return 0.5 * (Math.floor(at) + Math.ceil(at));
    case 'median':
      return (n - 1) / 2;
  }
}
