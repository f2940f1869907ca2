SELECT a.id, a.code, a.name, a.kind, CAST(t.opening AS BIGINT), CAST(t.debit AS BIGINT), CAST(t.credit AS BIGINT)
FROM (
    SELECT u.account, sum(CASE WHEN u.last = 0 THEN u.debit - u.credit ELSE 0 END) AS opening,
           sum(CASE WHEN u.last = 0 THEN -u.debit ELSE u.debit END) AS debit,
           sum(CASE WHEN u.last = 0 THEN -u.credit ELSE u.credit END) AS credit
    FROM (
        SELECT account, 0 AS last, sum(debit) AS debit, sum(credit) AS credit FROM account_balance WHERE month < ?1 GROUP BY account
        UNION ALL
        SELECT b.id, 0, CAST(?4 AS BIGINT) * sum(l.debit), CAST(?4 AS BIGINT) * sum(l.credit)
        FROM account b CROSS JOIN journal_line l WHERE l.account = b.id AND l.date >= ?2 AND l.date < ?3 GROUP BY b.id
        UNION ALL
        SELECT account, 1, sum(debit), sum(credit) FROM account_balance WHERE month < ?5 GROUP BY account
        UNION ALL
        SELECT b.id, 1, CAST(?8 AS BIGINT) * sum(l.debit), CAST(?8 AS BIGINT) * sum(l.credit)
        FROM account b CROSS JOIN journal_line l WHERE l.account = b.id AND l.date >= ?6 AND l.date < ?7 GROUP BY b.id
    ) AS u
    GROUP BY u.account
) AS t
JOIN account a ON a.id = t.account
ORDER BY a.code
