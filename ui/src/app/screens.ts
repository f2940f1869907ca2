// The table of contents: every screen with its address, its place in the sidebar, its key, and what draws it.
import type { Component } from 'svelte';
import type { IconName } from '../kit/Icon.svelte';
import { session } from './session.svelte.ts';
import { sync } from './sync.svelte.ts';

// Each screen is a different component with its own properties; the address provides them.
type Draw = () => Promise<{ default: Component<any> }>;

export interface Screen {
  /** Also the key of its title: `screen.<id>`. */
  id: string;
  path: string;
  icon: IconName;
  draw: Draw;
  /** Fixed properties beside those from the address. */
  props?: Record<string, unknown>;
  /** Heading in the sidebar; absent means not in the sidebar. */
  group?: 'work' | 'stock' | 'books' | 'more';
  key?: string;
  /** Shown only where the core has this report or record, or the books have a server. */
  needs?: { report?: string; record?: string; server?: true };
  /** Address to highlight in the sidebar while this screen is shown. */
  under?: string;
}

const list: Draw = () => import('../generic/ListView.svelte');
const form: Draw = () => import('../generic/RecordScreen.svelte');

export const SCREENS: Screen[] = [
  { id: 'home', path: '/', icon: 'home', draw: () => import('../modules/home/Home.svelte'), group: 'work', key: 'G D' },
  { id: 'invoices', path: '/invoices', icon: 'invoice', draw: () => import('../modules/invoices/InvoiceList.svelte'), group: 'work', key: 'G I' },
  { id: 'invoice_new', path: '/invoices/new', icon: 'invoice', draw: () => import('../modules/invoices/InvoiceScreen.svelte'), props: { id: 'new' }, under: '/invoices' },
  { id: 'invoice', path: '/invoices/:id', icon: 'invoice', draw: () => import('../modules/invoices/InvoiceScreen.svelte'), under: '/invoices' },
  { id: 'attention', path: '/attention', icon: 'inbox', draw: () => import('../modules/sync/Inbox.svelte'), needs: { server: true }, group: 'work', key: 'G N' },
  { id: 'attention_invoice', path: '/attention/:command', icon: 'invoice', draw: () => import('../modules/invoices/InvoiceAgain.svelte'), under: '/attention' },
  { id: 'parties', path: '/records/party', icon: 'people', draw: list, props: { record: 'party', icon: 'people' }, group: 'work', key: 'G C' },
  { id: 'items', path: '/records/item', icon: 'box', draw: list, props: { record: 'item', icon: 'box' }, group: 'stock', key: 'G P' },
  { id: 'categories', path: '/records/item_category', icon: 'tag', draw: list, props: { record: 'item_category', icon: 'tag' }, group: 'stock' },
  { id: 'stock', path: '/reports/stock_on_hand', icon: 'chart', draw: () => import('../generic/ReportView.svelte'), props: { name: 'stock_on_hand' }, needs: { report: 'stock_on_hand' }, group: 'stock', key: 'G S' },
  { id: 'reports', path: '/reports', icon: 'chart', draw: () => import('../modules/reports/Reports.svelte'), group: 'books', key: 'G R' },
  { id: 'accounts', path: '/records/account', icon: 'ledger', draw: list, props: { record: 'account', sort: { field: 'code', descending: false } }, group: 'books', key: 'G A' },
  { id: 'journal', path: '/entries', icon: 'journal', draw: () => import('../modules/ledger/Entries.svelte'), group: 'books', key: 'G J' },
  { id: 'entry', path: '/entries/:id', icon: 'journal', draw: () => import('../modules/ledger/EntryView.svelte'), under: '/entries' },
  { id: 'import', path: '/import', icon: 'import', draw: () => import('../modules/importing/Import.svelte'), group: 'more', key: 'G M' },
  { id: 'settings', path: '/settings', icon: 'gear', draw: () => import('../modules/settings/Settings.svelte'), group: 'more', key: 'G ,' },
  { id: 'report', path: '/reports/:name', icon: 'chart', draw: () => import('../generic/ReportView.svelte'), under: '/reports' },
  { id: 'list', path: '/records/:record', icon: 'ledger', draw: list },
  { id: 'record', path: '/records/:record/:id', icon: 'page', draw: form },
];

/** The screens this core can fill. */
export function availableScreens(): Screen[] {
  const { reports = [], records = [] } = session.register ?? {};
  const fits = ({ report, record, server }: NonNullable<Screen['needs']>): boolean =>
    (!report || reports.some((r) => r.name === report)) && (!record || records.some((r) => r.name === record)) && (!server || sync.connected);
  return SCREENS.filter(({ needs }) => !needs || fits(needs));
}

/** Records with a screen of their own instead of the generic form. */
const OWN_SCREENS: Record<string, string> = { billing_invoice: '/invoices', billing_document: '/invoices', journal_entry: '/entries' };

export function pathOfRecord(record: string, id?: string): string {
  const base = OWN_SCREENS[record] ?? `/records/${record}`;
  return id ? `${base}/${encodeURIComponent(id)}` : base;
}
