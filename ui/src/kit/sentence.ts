// How a sentence of the dictionary is put together: the form for a number, and the places for values.

const rules = new Map<string, Intl.PluralRules>();

/** The key of the form that goes with `n` in a language: `key.few`, else `key.other`, else the key itself. */
export function pluralKey(key: string, n: number, words: string, has: (key: string) => boolean): string {
  let rule = rules.get(words);
  if (!rule) {
    rule = new Intl.PluralRules(words);
    rules.set(words, rule);
  }
  return [`${key}.${rule.select(n)}`, `${key}.other`].find(has) ?? key;
}

/** Fills the `{name}` places. In a sentence that runs right to left every value is isolated, so that a code or an amount
 * keeps its own direction and moves nothing around it (Unicode Bidirectional Algorithm, FSI and PDI). */
export function fill(text: string, values: Record<string, string | number>, written: (value: number) => string, isolated: boolean): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    const words = typeof value === 'number' ? written(value) : value;
    return isolated ? `\u2068${words}\u2069` : words;
  });
}
