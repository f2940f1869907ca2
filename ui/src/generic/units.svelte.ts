// Units are kept as bare codes of UN/ECE Recommendation 20; people read their names.
import type { ListPage } from '../gen/contract.ts';
import { host } from './host.ts';

/** Fields that hold the code of a unit. */
export const UNITS: ReadonlySet<string> = new Set(['base_unit', 'sales_unit', 'purchase_unit', 'unit']);
const MOST = 500;
let names: Record<string, string> = $state.raw({});

/** The name of a unit; its code until the books have told. */
export function unitName(code: string): string {
  return names[code] ?? code;
}

/** Follows the units of the books for as long as the calling component lives. */
export function followUnits(): void {
  $effect(() =>
    host().watch<ListPage>(
      { name: 'records.list', args: { record: 'unit', text: '', where: [], sort: { field: 'code', descending: false }, after: null, limit: MOST }, tags: ['unit'] },
      ({ rows }) => (names = Object.fromEntries(rows.map((row) => [String(row['code'] ?? row.id), String(row['name'] ?? row['code'])]))),
      () => {},
    ),
  );
}
