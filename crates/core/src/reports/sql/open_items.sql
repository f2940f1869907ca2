SELECT p.name, i.reference, i.date, i.due_date, a.code, i.amount, CAST(t.open AS BIGINT), e.id, e.source, e.source_id
FROM (
    SELECT u.entry, u.n, sum(u.open) AS open
    FROM (
        SELECT entry, n, open FROM open_item WHERE open <> 0 AND date <= ?1
        UNION ALL
        SELECT debit_entry, debit_n, amount FROM allocation WHERE date > ?1
        UNION ALL
        SELECT credit_entry, credit_n, -amount FROM allocation WHERE date > ?1
    ) AS u
    GROUP BY u.entry, u.n
) AS t
JOIN open_item i ON i.entry = t.entry AND i.n = t.n
JOIN account a ON a.id = i.account
JOIN party p ON p.id = i.party
JOIN journal_entry e ON e.id = i.entry
WHERE t.open <> 0 AND i.date <= ?1
  AND i.party = coalesce(?2, i.party)
  AND a.kind = CASE WHEN coalesce(?3, 'receivable') = 'payable' THEN 'liability' ELSE 'asset' END
ORDER BY i.due_date, p.name, i.entry, i.n
