SELECT a.id, a.code, a.name, a.kind, CAST(t.opening AS BIGINT), CAST(t.debit AS BIGINT), CAST(t.credit AS BIGINT)
FROM (
    SELECT u.account, sum(u.opening) AS opening, sum(u.debit) AS debit, sum(u.credit) AS credit
    FROM (
        SELECT account,
               CASE WHEN month < ?1 THEN debit - credit ELSE 0 END AS opening,
               CASE WHEN month < ?1 THEN 0 ELSE debit END AS debit,
               CASE WHEN month < ?1 THEN 0 ELSE credit END AS credit
        FROM account_balance WHERE month < ?2
        UNION ALL
        SELECT l.account, l.debit - l.credit, -l.debit, -l.credit
        FROM account b JOIN journal_line l ON l.account = b.id AND l.date >= ?3 AND l.date < ?4
        UNION ALL
        SELECT l.account, 0, l.debit, l.credit
        FROM account b JOIN journal_line l ON l.account = b.id AND l.date >= ?5 AND l.date < ?6
    ) AS u
    GROUP BY u.account
) AS t
JOIN account a ON a.id = t.account
ORDER BY a.code
