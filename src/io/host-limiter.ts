import { Limiter } from '../base/index.js';

const limiters = new Map<string, Limiter>();

/** The limiter that everything in this thread shares for the host of `url`; `limit` counts for its first caller. */
export function hostLimiter(url: string, limit: number): Limiter {
  const { host } = new URL(url);
  let limiter = limiters.get(host);
  if (!limiter) limiters.set(host, (limiter = new Limiter(limit)));
  return limiter;
}
