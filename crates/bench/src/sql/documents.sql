CREATE TEMP TABLE of (role TEXT PRIMARY KEY, id BLOB);
INSERT INTO of SELECT role, id FROM account WHERE role IS NOT NULL;
CREATE TEMP TABLE pool (place INTEGER PRIMARY KEY, id BLOB);
INSERT INTO pool (id) SELECT id FROM account WHERE postable = 1 AND by_party = 0 ORDER BY code;
CREATE TEMP TABLE d AS
WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?1)
SELECT n, gen_id('document', n) AS id, gen_id('entry', n) AS entry, date('2021-01-01', ((n * 1841) / ?1) || ' days') AS day,
    1 + gen_dice(n, 20, 20000) AS p, 500 + gen_dice(n, 21, 40000) AS a, 100 + gen_dice(n, 22, 9000) AS b, 300 + gen_dice(n, 23, 700) AS f,
    CASE WHEN n * 100 > ?1 * 98 OR gen_dice(n, 24, 500) = 0 THEN 1 ELSE 0 END AS open
FROM c;
ALTER TABLE d ADD COLUMN tax INT;
ALTER TABLE d ADD COLUMN gross INT;
UPDATE d SET tax = (a + b + f + 2) / 5, gross = a + b + f + (a + b + f + 2) / 5;
INSERT INTO journal_line (entry, n, account, date, party, debit, credit, currency, foreign_amount, text, tax, tax_base, due_date, counter_account)
SELECT d.entry, l.n, CASE l.n WHEN 3 THEN (SELECT id FROM pool WHERE place = 1 + gen_dice(d.n, 25, (SELECT count(*) FROM pool))) ELSE (SELECT id FROM of WHERE role = l.role) END, d.day, CASE l.n WHEN 1 THEN gen_id('party', d.p) END,
    CASE l.n WHEN 1 THEN d.gross ELSE 0 END, CASE l.n WHEN 1 THEN 0 WHEN 2 THEN d.a WHEN 3 THEN d.b WHEN 4 THEN d.f ELSE d.tax END,
    'GBP', NULL, '', CASE WHEN l.n > 1 THEN 'S20' END, CASE WHEN l.n > 1 THEN d.a END, CASE l.n WHEN 1 THEN date(d.day, '30 days') END,
    (SELECT id FROM of WHERE role = CASE l.n WHEN 1 THEN 'sales' ELSE 'receivable' END)
FROM d CROSS JOIN (SELECT 1 AS n, 'receivable' AS role UNION ALL SELECT 2, 'sales' UNION ALL SELECT 3, '' UNION ALL SELECT 4, 'freight_out' UNION ALL SELECT 5, 'output_tax') l;
INSERT INTO journal_entry (id, journal, year, number, date, document_date, recorded_at, source, source_id, reference, text, reverses)
SELECT entry, (SELECT id FROM journal WHERE kind = 'sales'), substr(day, 1, 4), n, day, day, 1609459200000 + n, 'billing_document', id, '21-A-' || n, gen_party_name(p), NULL FROM d;
INSERT INTO open_item (entry, n, party, account, date, due_date, reference, amount, open, currency)
SELECT entry, 1, gen_id('party', p), (SELECT id FROM of WHERE role = 'receivable'), day, date(day, '30 days'), '21-A-' || n, gross, gross * open, 'GBP' FROM d;
INSERT INTO billing_document (id, kind, type_code, state, number, party, party_name, country, issue_date, accounting_date, tax_point_date, tax_point_code, due_date,
    delivery_date, period_start, period_end, currency, exchange_rate, tax_currency, tax_in_currency, buyer_reference, project, contract, order_reference, sales_order,
    receipt_advice, despatch_advice, tender, object_id, object_scheme, buyer_accounting, payment_terms, process, profile, payment_means, payment_text, remittance,
    card_number, card_holder, mandate, creditor_id, debtor_account, lines_net, allowances, charges, net, tax, gross, prepaid, rounding, payable, language, template,
    moves_stock, imported, reverses, entry, content_hash, recorded_at)
SELECT id, 'invoice', '380', 'posted', '21-A-' || n, gen_id('party', p), gen_party_name(p), 'GB', day, day, NULL, '', date(day, '30 days'),
    NULL, NULL, NULL, 'GBP', 1000000, NULL, NULL, '', '', '', gen_order_number(n), '', '', '', '', '', '', '', '', '', '', '30', '', '',
    '', '', '', '', '', a + b, 0, f, a + b + f, tax, gross, 0, 0, gross, 'en', 'classic-1', 1, 0, NULL, entry, hex(id) || hex(entry), 1609459200000 + n
FROM d;
INSERT INTO billing_invoice_search (id, text) SELECT s.id, s.text FROM billing_invoice_searched s JOIN billing_document d ON d.id = s.id ORDER BY d.issue_date, d.id;
INSERT OR IGNORE INTO billing_invoice_cut (cut, word) SELECT c.value, w.word FROM (SELECT DISTINCT j.value AS word FROM billing_invoice_search s, json_each(daybook_words(s.text)) j) w, json_each(daybook_cuts(w.word)) c;
INSERT INTO billing_invoice_fts (billing_invoice_fts) VALUES ('rebuild');
DROP TABLE d;
DROP TABLE of;
DROP TABLE pool;
