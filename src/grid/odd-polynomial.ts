/**
 * Coefficients c of f(x) = x (c[0] + c[1] x^2 + c[2] x^4 ...) for an odd function on [-limit, limit]: Newton
 * interpolation of f(x) / x in x^2 at the Chebyshev points.
 */
export function fitOddPolynomial(f: (x: number) => number, limit: number, terms: number): readonly number[] {
  const nodes = Array.from({ length: terms }, (_, i) => 0.5 - 0.5 * Math.cos(((2 * i + 1) * Math.PI) / (2 * terms)));
  const divided = nodes.map(u => f(limit * Math.sqrt(u)) / (limit * Math.sqrt(u)));
  for (let j = 1; j < terms; j++) {
    for (let i = terms - 1; i >= j; i--) divided[i] = (divided[i]! - divided[i - 1]!) / (nodes[i]! - nodes[i - j]!);
  }
  // From Newton's form to powers of u, then from u = (x / limit)^2 to x.
  let powers = new Array<number>(terms).fill(0);
  for (let i = terms - 1; i >= 0; i--) {
    const node = nodes[i]!;
    powers = powers.map((value, k) => (k > 0 ? powers[k - 1]! : divided[i]!) - node * value);
  }
  return powers.map((value, k) => value / limit ** (2 * k));
}
