// Fixture only: reports with figures that add up.

const sum = (rows, key) => rows.reduce((s, r) => s + (r[key] ?? 0), 0);
const column = (name, kind, label = name) => ({ name, label, kind });

export function run(books, { name }) {
  const t = books.tables;
  const base = { title: name, currency: 'GBP', drill: null };
  if (name === 'trial_balance') {
    const rows = t.account.map((a) => ({ code: a.code, account: a.name, debit: Math.max(0, a.balance), credit: Math.max(0, -a.balance) }));
    return { ...base, columns: [column('code', 'text'), column('account', 'text'), column('debit', 'money'), column('credit', 'money')], rows, totals: { debit: sum(rows, 'debit'), credit: sum(rows, 'credit') } };
  }
  if (name === 'stock_on_hand') {
    const rows = t.item.filter((i) => i.kind === 'goods').map((i) => ({ code: i.code, name: i.name, quantity: i.on_hand, value: Math.round(Number(i.on_hand) * Number(i.price) * 60) }));
    return { ...base, columns: [column('code', 'text'), column('name', 'text'), column('quantity', 'quantity'), column('value', 'money')], rows, totals: { value: sum(rows, 'value') } };
  }
  if (name === 'sales') {
    const by = new Map();
    for (const i of t.billing_invoice) if (i.state === 'posted') by.set(i.party_label, (by.get(i.party_label) ?? 0) + i.net);
    const rows = [...by].map(([party, net]) => ({ party, net, tax: Math.round(net * 0.2), gross: net + Math.round(net * 0.2) })).sort((a, b) => b.net - a.net);
    return { ...base, columns: [column('party', 'text'), column('net', 'money'), column('tax', 'money'), column('gross', 'money')], rows, totals: { net: sum(rows, 'net'), tax: sum(rows, 'tax'), gross: sum(rows, 'gross') } };
  }
  if (name === 'journal') return { ...base, columns: [column('date', 'date'), column('number', 'text'), column('text', 'text'), column('amount', 'money')], rows: t.journal_entry, totals: { amount: sum(t.journal_entry, 'amount') } };
  const rows = t.billing_invoice.filter((i) => i.open).slice(0, 800).map((i) => ({ number: i.number, party: i.party_label, issue_date: i.issue_date, due_date: i.due_date, gross: i.gross, open: i.open, _record: 'billing_invoice', _id: i.id }));
  return { ...base, columns: [column('number', 'text'), column('party', 'text'), column('issue_date', 'date'), column('due_date', 'date'), column('gross', 'money'), column('open', 'money')], rows, totals: { gross: sum(rows, 'gross'), open: sum(rows, 'open') } };
}
