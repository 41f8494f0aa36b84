/** Numbers as the stage's sentences write them: three significant digits, thin spaces between thousands. */

const thin = '\u202f'; // narrow, does not break

/** 12800 → "12 800" */
export function count(n: number): string {
  return Math.round(n).toLocaleString('en').replaceAll(',', thin);
}

/** 0.712 → "71 %"; below one per cent keeps one digit after the point. */
export function percent(share: number): string {
  const hundredths = share * 100;
  const small = hundredths !== 0 && Math.abs(hundredths) < 1;
  return `${small ? hundredths.toFixed(1) : Math.round(hundredths)}${thin}%`;
}

/** 31402.4 → "31 402" · 1.2071 → "1.21" · 0.00123 → "0.00123" */
export function measure(x: number): string {
  if (Math.abs(x) >= 1000) return count(x);
  return x === 0 ? '0' : Number(x.toPrecision(3)).toString();
}

/** 1 → "nearest", 5 → "5th nearest" */
export function nthNearest(rank: number): string {
  return rank === 1 ? 'nearest' : `${ordinal(rank)} nearest`;
}

export function ordinal(n: number): string {
  const teen = n % 100 > 10 && n % 100 < 14;
  const end = teen ? 'th' : ['th', 'st', 'nd', 'rd'][n % 10] ?? 'th';
  return `${count(n)}${end}`;
}

/** 1 → "1 vector", 203 → "203 vectors" */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}
