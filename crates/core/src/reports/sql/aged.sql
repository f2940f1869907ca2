SELECT p.code, p.name, CAST(t.b0 AS BIGINT), CAST(t.b1 AS BIGINT), CAST(t.b2 AS BIGINT), CAST(t.b3 AS BIGINT), CAST(t.b4 AS BIGINT),
       CAST(t.b0 + t.b1 + t.b2 + t.b3 + t.b4 AS BIGINT), 'party', p.id
FROM (
    SELECT u.party,
           sum(CASE WHEN u.due_date >= ?1 THEN u.open ELSE 0 END) AS b0,
           sum(CASE WHEN u.due_date < ?1 AND u.due_date >= ?4 THEN u.open ELSE 0 END) AS b1,
           sum(CASE WHEN u.due_date < ?4 AND u.due_date >= ?5 THEN u.open ELSE 0 END) AS b2,
           sum(CASE WHEN u.due_date < ?5 AND u.due_date >= ?6 THEN u.open ELSE 0 END) AS b3,
           sum(CASE WHEN u.due_date < ?6 THEN u.open ELSE 0 END) AS b4
    FROM (
        SELECT party, account, due_date, open FROM open_item WHERE open <> 0 AND date <= ?1
        UNION ALL
        SELECT i.party, i.account, i.due_date, l.amount
        FROM allocation l JOIN open_item i ON i.entry = l.debit_entry AND i.n = l.debit_n WHERE l.date > ?1 AND i.date <= ?1
        UNION ALL
        SELECT i.party, i.account, i.due_date, -l.amount
        FROM allocation l JOIN open_item i ON i.entry = l.credit_entry AND i.n = l.credit_n WHERE l.date > ?1 AND i.date <= ?1
    ) AS u
    JOIN account a ON a.id = u.account
    WHERE u.party = coalesce(?2, u.party)
      AND a.kind = CASE WHEN coalesce(?3, 'receivable') = 'payable' THEN 'liability' ELSE 'asset' END
    GROUP BY u.party
) AS t
JOIN party p ON p.id = t.party
WHERE t.b0 <> 0 OR t.b1 <> 0 OR t.b2 <> 0 OR t.b3 <> 0 OR t.b4 <> 0
ORDER BY p.name, p.id
