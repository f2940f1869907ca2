// Fixture only: makes books in memory, the same every time.
import { randomUUID } from 'node:crypto';

const FIRST = ['Alder', 'Birch', 'Cedar', 'Dover', 'Ember', 'Fenwick', 'Granite', 'Harbour', 'Ivory', 'Juniper', 'Kestrel', 'Linden', 'Meridian', 'North', 'Orchard', 'Pebble', 'Quill', 'Rowan', 'Sorrel', 'Thistle'];
const SECOND = ['Trading', '& Sons', 'Gifts', 'Interiors', 'Supplies', 'Stationers', 'Home', 'Workshop', 'Imports', 'Crafts'];
const THINGS = ['Lantern', 'Tea towel', 'Notebook', 'Bird house', 'Candle holder', 'Wall clock', 'Jug', 'Cushion', 'Doormat', 'Mirror', 'Vase', 'Basket'];
const LOOKS = ['white', 'red', 'oak', 'blue', 'brass', 'linen', 'green', 'slate'];
const CITIES = [['London', 'GB'], ['Leeds', 'GB'], ['Bristol', 'GB'], ['Hamburg', 'DE'], ['Lyon', 'FR'], ['Cork', 'IE'], ['Bern', 'CH']];

export const id = (kind, n) => `${kind.toString(16).padStart(8, '0')}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
export const pad = (n, w) => String(n).padStart(w, '0');
export const dayFrom = (iso, days) => new Date(Date.parse(`${iso}T00:00:00Z`) + days * 86400000).toISOString().slice(0, 10);

export function makeBooks(kind) {
  const filled = kind !== 'none' && kind !== 'empty';
  const invoices = kind === 'full' ? 100_000 : filled ? 300 : 0;
  const company = kind === 'none' ? null : { id: randomUUID(), name: filled ? 'Northwind Gifts Ltd' : 'Harbour & Co', country: 'GB', currency: 'GBP', sample: kind === 'full' };
  const books = { kind, company, pos: 1, changed: [], tables: { party: [], item: [], item_category: [], account: [], journal_entry: [], billing_invoice: [], unit: [{ id: 'C62', code: 'C62', name: 'piece' }, { id: 'KGM', code: 'KGM', name: 'kilogram' }, { id: 'HUR', code: 'HUR', name: 'hour' }] }, drafts: new Map(), jobs: new Map(), sorted: new Map() };
  if (filled) fill(books, invoices);
  return books;
}

export function fill(books, invoices) {
  const t = books.tables;
  ['Lighting', 'Kitchen', 'Paper', 'Garden'].forEach((name, i) => t.item_category.push({ id: id(3, i), name, tax_class: 'standard', revenue_account: '4000', inventory_account: '1400', cost_account: '5000', valuation: null }));
  for (let i = 0; i < 200; i += 1) {
    const [city, country] = CITIES[i % CITIES.length];
    const name = `${FIRST[i % 20]} ${SECOND[Math.floor(i / 20) % 10]}`;
    t.party.push({ id: id(1, i), code: `P${pad(i + 1, 4)}`, name, legal_name: '', is_customer: true, is_supplier: i % 9 === 0, country, language: '', currency: 'GBP', payment_days: 30, credit_limit: (i % 7) * 50000, on_hold: false, email: `office@${FIRST[i % 20].toLowerCase()}.example`, phone: '', vat_id: i % 4 ? '' : `GB${100000000 + i * 7919}`, tax_number: '', line1: `${i + 1} High Street`, line2: '', postcode: `AB${i % 90} 1CD`, city, region: '', receivable_account: '', payable_account: '', price_list: null, tags: '', note: '' });
  }
  for (let i = 0; i < 480; i += 1) {
    const c = i % 4;
    t.item.push({ id: id(2, i), code: `${21000 + i * 7}`, name: `${THINGS[i % 12]}, ${LOOKS[Math.floor(i / 12) % 8]}${i >= 96 ? ` No ${Math.floor(i / 96)}` : ''}`, description: '', kind: i % 20 === 19 ? 'service' : 'goods', category: id(3, c), category_label: t.item_category[c].name, base_unit: 'C62', sales_unit: null, purchase_unit: null, tracking: 'none', tax_class: 'standard', sales_price: (1.05 + (i * 37) % 90 + 0.4).toFixed(2), price_includes_tax: false, purchase_price: null, standard_id: '', origin_country: '', used: i % 2 === 0, on_hand: String((i * 13) % 240) });
  }
  const accounts = [['1100', 'Receivables', 'asset', 8412350], ['1200', 'Bank', 'asset', 2240418], ['1400', 'Stock', 'asset', 3110990], ['2200', 'VAT payable', 'liability', -1402058], ['3000', 'Owner’s equity', 'equity', -2500000], ['4000', 'Sales', 'income', -11860050], ['5000', 'Cost of goods sold', 'expense', 1998350]];
  accounts.forEach(([code, name, kind, balance], i) => t.account.push({ id: id(5, i), code, name, kind, role: null, parent: null, parent_label: null, postable: true, by_party: i === 0, currency: null, balance }));
  for (let i = 0; i < invoices; i += 1) {
    const p = t.party[(i * 17) % t.party.length];
    const credit = i % 23 === 0;
    const draft = i < 3;
    const net = (credit ? -1 : 1) * (1200 + (i * 7919) % 240000);
    const tax = Math.round(net * 0.2);
    const issue = dayFrom('2026-11-02', -Math.floor(i / 130));
    t.billing_invoice.push({ id: id(4, i), number: draft ? '' : `${credit ? 'CN' : 'INV'}-${pad(invoices - i, 6)}`, kind: credit ? 'credit_note' : 'invoice', state: draft ? 'draft' : i % 311 === 0 ? 'reversed' : 'posted', party: p.id, party_label: p.name, party_name: p.name, issue_date: issue, due_date: dayFrom(issue, 30), currency: i % 57 === 5 ? 'EUR' : 'GBP', net, tax, gross: net + tax, open: i % 3 === 0 && !draft ? net + tax : 0, country: p.country });
  }
  for (let i = 0; i < 400; i += 1) t.journal_entry.push({ id: id(6, i), journal: id(7, 1), journal_label: 'Sales', year: '2026', number: 400 - i, date: dayFrom('2026-11-02', -Math.floor(i / 4)), document_date: dayFrom('2026-11-02', -Math.floor(i / 4)), recorded_at: 1793600000000 - i * 3600000, source: 'billing_document', source_id: id(4, i), reference: `INV-${pad(100000 - i, 6)}`, text: t.party[(i * 17) % 200].name, reverses: null });
}
