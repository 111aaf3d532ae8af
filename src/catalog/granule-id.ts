/** Whether a text is a URL with a scheme of two letters and more; `C:` is a drive. */
export function isUrl(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]+:\/\//.test(text);
}

/**
 * Identity of a granule: its file name, without folder or host, and of a URL without query, fragment and percent escapes. The
 * same for every way to reach the file.
 */
export function granuleId(pathOrUrl: string): string {
  if (!isUrl(pathOrUrl)) return lastPart(pathOrUrl, /[/\\]/);
  const name = lastPart(pathOrUrl.replace(/[?#].*$/s, ''), '/');
  try {
    return decodeURIComponent(name);
  } catch {
    // A bare % in a name: then nobody has escaped it.
    return name;
  }
}

function lastPart(path: string, separator: string | RegExp): string {
  return path.split(separator).filter(part => part !== '').at(-1) ?? path;
}
