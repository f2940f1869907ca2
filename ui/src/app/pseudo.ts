// English as a language nobody speaks: in brackets, with accents and two fifths longer. What stands on the screen without brackets is not
// in the dictionary; what does not fit will not fit in German either. For checks only; no setting offers it.

const ACCENTS: Record<string, string> = { a: 'á', e: 'é', i: 'í', o: 'ó', u: 'ú', A: 'Á', E: 'É', I: 'Í', O: 'Ó', U: 'Ú', c: 'ç', n: 'ñ', y: 'ý' };

export function pseudo(text: string): string {
  const accented = text.replace(/\{\w+\}|[aeiouAEIOUcny]/g, (found) => ACCENTS[found] ?? found);
  const shown = text.replace(/\{\w+\}/g, '');
  return `[${accented}${'·'.repeat(Math.ceil(shown.length * 0.4))}]`;
}
