// Which changes make a list stale: its own record, and the records it is drawn from.

const DRAWN_FROM: Record<string, string[]> = {
  billing_invoice: ['billing_document', 'open_item'],
};

export function tagsOf(record: string): string[] {
  return [record, ...(DRAWN_FROM[record] ?? [])];
}

/** `*` stands for everything: the books themselves were exchanged. */
export function isTouched(tags: string[], record: string): boolean {
  return tags.some((tag) => tag === '*' || tagsOf(record).some((own) => tag === own || tag.startsWith(`${own}:`)));
}
