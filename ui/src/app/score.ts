// How well typed letters fit a label: whole start, word starts, initials, then letters in order. 0 means not at all.

export function score(typed: string, label: string, also = ''): number {
  const want = plain(typed);
  if (want === '') return 1;
  const have = plain(label);
  if (have.startsWith(want)) return 4;
  const words = plain(`${label} ${also}`).split(' ');
  const parts = want.split(' ');
  if (parts.every((part) => words.some((word) => word.startsWith(part)))) return 3;
  if (words.map((word) => word.charAt(0)).join('').includes(want.replaceAll(' ', ''))) return 2;
  if (have.includes(want)) return 1.5;
  return inOrder(want.replaceAll(' ', ''), have);
}

/** Letters in order, closer together is better; at least three letters, else everything fits. */
function inOrder(want: string, have: string): number {
  if (want.length < 3) return 0;
  let at = -1;
  let gaps = 0;
  for (const letter of want) {
    const next = have.indexOf(letter, at + 1);
    if (next < 0) return 0;
    if (at >= 0) gaps += next - at - 1;
    at = next;
  }
  return gaps > want.length * 3 ? 0 : 1 / (1 + gaps);
}

/** Lower case without accents: `Überweisung` is found by `uber`. */
function plain(text: string): string {
  return text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
}
