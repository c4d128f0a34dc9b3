// Numbers, sizes and counted nouns as the command line writes them: the same in every locale.

/** `1,204`. */
export function formatCount(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `9,999`, `12k`, `1.2M`: for columns; at most four characters from 10,000 on. */
export function formatCompact(count: number, exactBelow = 10_000): string {
  if (count < exactBelow) return formatCount(count);
  let [value, unit] = [count / 1000, 'k'];
  for (const next of ['M', 'G', 'T']) {
    if (Number(oneDecimalBelowTen(value)) < 1000) break;
    [value, unit] = [value / 1000, next];
  }
  return `${oneDecimalBelowTen(value)}${unit}`;
}

/** `812 B`, `3.1 MB`, `145 MB`; 1 KB is 1,024 bytes. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${formatCount(bytes)} B`;
  let [value, unit] = [bytes / 1024, 'KB'];
  for (const next of ['MB', 'GB', 'TB', 'PB']) {
    if (Math.round(value) < 1024) break;
    [value, unit] = [value / 1024, next];
  }
  return `${oneDecimalBelowTen(value)} ${unit}`;
}

/** `1 row`, `1,204 rows`. */
export function plural(count: number, one: string, many: string = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and 3 more`. */
export function nameSome(names: readonly string[], limit = 5): string {
  if (names.length <= limit) return names.join(', ');
  return `${names.slice(0, limit).join(', ')} and ${formatCount(names.length - limit)} more`;
}

/** A whole number from ten on; below one decimal that is not zero. */
function oneDecimalBelowTen(value: number): string {
  const rounded = Math.round(value * 10) / 10;
  return rounded < 10 ? String(rounded) : String(Math.round(value));
}
