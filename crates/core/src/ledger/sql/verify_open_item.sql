SELECT j.code || ' ' || e.year || ' ' || CAST(e.number AS TEXT), CAST(sum(t.open) AS TEXT)
FROM (
    SELECT l.entry, l.n, l.debit - l.credit AS amount, l.debit - l.credit AS open
    FROM journal_line l JOIN account a ON a.id = l.account WHERE a.by_party = 1
    UNION ALL
    SELECT entry, n, -amount, -open FROM open_item
    UNION ALL
    SELECT debit_entry, debit_n, 0, -amount FROM allocation
    UNION ALL
    SELECT credit_entry, credit_n, 0, amount FROM allocation
) AS t
JOIN journal_entry e ON e.id = t.entry
JOIN journal j ON j.id = e.journal
GROUP BY j.code, e.year, e.number, t.n
HAVING sum(t.amount) <> 0 OR sum(t.open) <> 0
ORDER BY j.code, e.year, e.number, t.n
LIMIT 1
