// Calculates what people type into number fields: `3*19,99+5%`. Exact, and blind to the computer's own locale.
// `a + b%` adds that share of a, as on a desk calculator; elsewhere `b%` is b/100.
import { add, divide, multiply, negate, parseDecimal, ZERO, type Decimal } from './decimal.ts';

/** Which sign separates decimals and which groups thousands. Spaces and apostrophes may always group. */
export interface Signs {
  readonly decimal: string;
  readonly group: string;
}

export type Outcome =
  | { ok: true; value: Decimal; calculated: boolean; grouped: boolean }
  | { ok: false; code: 'syntax' | 'division' };

const ONE: Decimal = { units: 1n, scale: 0 };
const HUNDRED: Decimal = { units: 100n, scale: 0 };
const LITERAL = /^[\d.,٫٬][\d.,٫٬ '’\u00a0\u202f]*/;
const QUIET_GROUPS = " '’\u00a0\u202f";

/** A term that ended in `%` waits for its left side before it means anything. */
interface Term {
  value: Decimal;
  percent: boolean;
}

class Stop extends Error {
  constructor(readonly code: 'syntax' | 'division') {
    super(code);
  }
}

export function calculate(text: string, signs: Signs): Outcome {
  const reader = new Reader(text, signs);
  try {
    const value = reader.sum();
    reader.end();
    return { ok: true, value, calculated: reader.calculated, grouped: reader.grouped };
  } catch (stop) {
    if (stop instanceof Stop) return { ok: false, code: stop.code };
    throw stop;
  }
}

class Reader {
  calculated = false;
  grouped = false;
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly signs: Signs,
  ) {}

  sum(): Decimal {
    const first = this.product();
    let left = first.percent ? percentOf(ONE, first.value) : first.value;
    for (;;) {
      const sign = this.take('+', '-', '−');
      if (!sign) return left;
      this.calculated = true;
      const term = this.product();
      const amount = term.percent ? percentOf(left, term.value) : term.value;
      left = add(left, sign === '+' ? amount : negate(amount));
    }
  }

  end(): void {
    this.space();
    if (this.at < this.text.length) throw new Stop('syntax');
  }

  private product(): Term {
    let term = this.factor();
    for (;;) {
      const sign = this.take('*', '×', '/', '÷', ':');
      if (!sign) return term;
      this.calculated = true;
      const left = plain(term);
      const right = plain(this.factor());
      const value = sign === '*' || sign === '×' ? multiply(left, right) : divide(left, right);
      if (!value) throw new Stop('division');
      term = { value, percent: false };
    }
  }

  private factor(): Term {
    if (this.take('-', '−')) {
      const inner = this.factor();
      return { value: negate(inner.value), percent: inner.percent };
    }
    if (this.take('+')) return this.factor();
    const value = this.take('(') ? this.inside() : this.literal();
    if (!this.take('%')) return { value, percent: false };
    this.calculated = true;
    return { value, percent: true };
  }

  private inside(): Decimal {
    this.calculated = true;
    const value = this.sum();
    if (!this.take(')')) throw new Stop('syntax');
    return value;
  }

  private literal(): Decimal {
    this.space();
    const found = LITERAL.exec(this.text.slice(this.at))?.[0];
    if (!found) throw new Stop('syntax');
    this.at += found.length;
    return this.number(found.trimEnd());
  }

  /** Strict: a decimal sign once, groups of the same sign, last group of three. Anything else is not a number. */
  private number(text: string): Decimal {
    const [whole = '', fraction = '', more] = text.split(this.signs.decimal);
    if (more !== undefined || !/^\d*$/.test(fraction) || (whole === '' && fraction === '')) throw new Stop('syntax');
    const mark = /\D/.exec(whole)?.[0];
    if (mark) {
      const groups = whole.split(mark);
      const known = mark === this.signs.group || QUIET_GROUPS.includes(mark);
      const shaped = groups.every((g, i) => (i === 0 ? /^\d{1,3}$/ : i === groups.length - 1 ? /^\d{3}$/ : /^\d{2,3}$/).test(g));
      if (!known || !shaped) throw new Stop('syntax');
      this.grouped = true;
    }
    const value = parseDecimal(`${whole.replace(/\D/g, '') || '0'}${fraction ? `.${fraction}` : ''}`);
    return value ?? ZERO;
  }

  private take(...marks: string[]): string | null {
    this.space();
    const mark = marks.find((m) => this.text.startsWith(m, this.at));
    if (mark) this.at += mark.length;
    return mark ?? null;
  }

  private space(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at += 1;
  }
}

function percentOf(base: Decimal, percent: Decimal): Decimal {
  return divide(multiply(base, percent), HUNDRED) ?? ZERO;
}

function plain(term: Term): Decimal {
  return term.percent ? percentOf(ONE, term.value) : term.value;
}
