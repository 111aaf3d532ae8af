/** Seconds of computing by this process so far. Unlike the clock it stands still while a busy machine does something else. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
