// Exact decimal numbers: a whole number of units at a scale. No float ever touches money, price or quantity.

export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

export const ZERO: Decimal = { units: 0n, scale: 0 };
/** Digits kept when a division does not come out even; far beyond any stored scale. */
const DIVISION_DIGITS = 18;

const power = (digits: number): bigint => 10n ** BigInt(digits);
const magnitude = (x: bigint): bigint => (x < 0n ? -x : x);

/** Reads the canonical form used on the wire (`-12.50`); null when it is anything else. */
export function parseDecimal(text: string): Decimal | null {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) return null;
  const fraction = match[3] ?? '';
  const units = BigInt(match[2] + fraction);
  return { units: match[1] ? -units : units, scale: fraction.length };
}

/** The canonical form, with at least `least` decimals. */
export function decimalText(d: Decimal, least = 0): string {
  const wide = d.scale < least ? rescale(d, least) : d;
  const digits = magnitude(wide.units).toString().padStart(wide.scale + 1, '0');
  const cut = digits.length - wide.scale;
  const sign = wide.units < 0n ? '-' : '';
  return sign + digits.slice(0, cut) + (wide.scale ? `.${digits.slice(cut)}` : '');
}

/** Writes the same value with more decimals; never fewer. */
function rescale(d: Decimal, scale: number): Decimal {
  return { units: d.units * power(scale - d.scale), scale };
}

function aligned(a: Decimal, b: Decimal): [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale);
  return [rescale(a, scale).units, rescale(b, scale).units, scale];
}

export function add(a: Decimal, b: Decimal): Decimal {
  const [x, y, scale] = aligned(a, b);
  return { units: x + y, scale };
}

export function negate(d: Decimal): Decimal {
  return { units: -d.units, scale: d.scale };
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { units: a.units * b.units, scale: a.scale + b.scale };
}

/** Null when the divisor is zero. Uneven results keep 18 more digits, rounded half away from zero. */
export function divide(a: Decimal, b: Decimal): Decimal | null {
  if (b.units === 0n) return null;
  const [x, y] = aligned(a, b);
  return shorten({ units: divideAway(x * power(DIVISION_DIGITS), y), scale: DIVISION_DIGITS });
}

/** Integer division rounded half away from zero: the one rounding rule of the product. */
function divideAway(x: bigint, y: bigint): bigint {
  const quotient = (magnitude(x) * 2n + magnitude(y)) / (magnitude(y) * 2n);
  return x < 0n === y < 0n ? quotient : -quotient;
}

/** At most `scale` decimals, half away from zero. */
export function round(d: Decimal, scale: number): Decimal {
  if (d.scale <= scale) return d;
  return { units: divideAway(d.units, power(d.scale - scale)), scale };
}

/** The same value without trailing zeros. */
export function shorten(d: Decimal): Decimal {
  let { units, scale } = d;
  while (scale > 0 && units % 10n === 0n) {
    units /= 10n;
    scale -= 1;
  }
  return { units, scale };
}

export function compare(a: Decimal, b: Decimal): number {
  const [x, y] = aligned(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Money travels as whole minor units of its currency: 1234 with 2 digits is 12.34. */
export function fromMinor(minor: number, digits: number): Decimal {
  return { units: BigInt(minor), scale: digits };
}

/** Null when decimals would be dropped or the number cannot travel exactly. */
export function toMinor(d: Decimal, digits: number): number | null {
  const short = shorten(d);
  if (short.scale > digits) return null;
  const minor = Number(rescale(short, digits).units);
  return Number.isSafeInteger(minor) ? minor : null;
}
