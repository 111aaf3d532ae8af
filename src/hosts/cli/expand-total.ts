/** What a total may be, from a part of what it is made of. */
export interface Interval {
  readonly estimate: number;
  /** Ends of the 95 % interval; null where a single value tells nothing of how much they differ. */
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * The total of `population` values of which a simple random sample is known, by simple expansion: N times the mean. Interval: Student's t with
 * n - 1 degrees of freedom, variance N² (1 - n/N) s²/n with the correction for a finite population (Cochran, Sampling Techniques, 2.2 and
 * 2.8). What was seen is a lower bound, for values of at least 0.
 */
export function expandTotal(values: readonly number[], population: number): Interval {
  const n = values.length;
  const sum = values.reduce((a, b) => a + b, 0);
  const estimate = n === 0 ? 0 : (population * sum) / n;
  if (n >= population) return { estimate: sum, low: sum, high: sum };
  if (n < 2) return { estimate, low: null, high: null };
  const mean = sum / n;
  const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / (n - 1);
  const half = studentT(n - 1) * population * Math.sqrt(((1 - n / population) * variance) / n);
  return { estimate, low: Math.max(sum, estimate - half), high: estimate + half };
}

/** The same for a quantity that is `factor` times as large, with `offset` added. */
export function scaled({ estimate, low, high }: Interval, factor: number, offset = 0): Interval {
  const of = (value: number): number => factor * value + offset;
  return { estimate: of(estimate), low: low === null ? null : of(low), high: high === null ? null : of(high) };
}

/** Sum of two totals, taken as independent: the widths add as squares. */
export function addIntervals(a: Interval, b: Interval): Interval {
  const estimate = a.estimate + b.estimate;
  if (a.low === null || b.low === null || a.high === null || b.high === null) return { estimate, low: null, high: null };
  return {
    estimate,
    low: estimate - Math.hypot(a.estimate - a.low, b.estimate - b.low),
    high: estimate + Math.hypot(a.high - a.estimate, b.high - b.estimate)
  };
}

/** 0.975 quantiles of Student's t for 1 to 9 degrees of freedom; Fisher's series below is good to 1e-4 from 10 on. */
const FEW = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622];
const Z = 1.959964;

/** The 0.975 quantile of Student's t (R. A. Fisher's expansion in 1/df; Abramowitz and Stegun 26.7.5). */
export function studentT(df: number): number {
  const known = FEW[df - 1];
  if (known !== undefined) return known;
  const [z3, z5, z7] = [Z ** 3, Z ** 5, Z ** 7];
  return Z + (z3 + Z) / (4 * df) + (5 * z5 + 16 * z3 + 3 * Z) / (96 * df ** 2) + (3 * z7 + 19 * z5 + 17 * z3 - 15 * Z) / (384 * df ** 3);
}
