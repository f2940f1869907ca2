// Fixture only: reports with figures that add up, in the shape of the core's answers.
import { register } from './register.mjs';

const sum = (rows, key) => rows.reduce((s, r) => s + (r[key] ?? 0), 0);

export function run(books, { name }) {
  const t = books.tables;
  const type = register.reports.find((r) => r.name === name);
  const base = { title: type.title, currency: 'GBP', columns: type.columns, drill: null, truncated: false, asked: { from: '2026-01-01', to: '2026-11-02', as_of: '2026-11-22' } };
  const answer = (rows, totalled, more = {}) => ({ ...base, ...more, rows, count: rows.length, totals: Object.fromEntries(totalled.map((key) => [key, sum(rows, key)])) });
  if (name === 'trial_balance') {
    const rows = t.account.map((a) => ({ _record: 'account', _id: a.id, code: a.code, name: a.name, opening: 0, debit: Math.max(0, a.balance), credit: Math.max(0, -a.balance), closing: a.balance }));
    return answer(rows, ['opening', 'debit', 'credit', 'closing'], { drill: { report: 'account_ledger', parameter: 'account', column: '_id' } });
  }
  if (name === 'balance_sheet' || name === 'profit_and_loss') {
    const kinds = name === 'balance_sheet' ? ['asset', 'liability', 'equity'] : ['income', 'expense'];
    const rows = kinds.flatMap((kind) => {
      const own = t.account.filter((a) => a.kind === kind);
      return [{ code: '', name: kind[0].toUpperCase() + kind.slice(1), level: 0, amount: sum(own, 'balance') }, ...own.map((a) => ({ _record: 'account', _id: a.id, code: a.code, name: a.name, level: 1, amount: a.balance }))];
    });
    return answer(rows, []);
  }
  if (name === 'open_items') {
    const rows = t.billing_invoice.filter((i) => i.open).slice(0, 800).map((i) => ({ _record: 'billing_document', _id: i.id, party: i.party_name, reference: i.number, date: i.issue_date, due_date: i.due_date, account: '1100', amount: i.gross, open: i.open }));
    return answer(rows, ['amount', 'open']);
  }
  return answer([], []);
}
