SELECT p.code, p.name, a.code, CAST(t.opening AS BIGINT), CAST(t.debit AS BIGINT), CAST(t.credit AS BIGINT),
       CAST(t.opening + t.debit - t.credit AS BIGINT), 'party', p.id
FROM (
    SELECT u.party, u.account, sum(u.opening) AS opening, sum(u.debit) AS debit, sum(u.credit) AS credit
    FROM (
        SELECT party, account,
               CASE WHEN month < ?1 THEN debit - credit ELSE 0 END AS opening,
               CASE WHEN month < ?1 THEN 0 ELSE debit END AS debit,
               CASE WHEN month < ?1 THEN 0 ELSE credit END AS credit
        FROM party_balance WHERE month < ?2
        UNION ALL
        SELECT l.party, l.account, l.debit - l.credit, -l.debit, -l.credit
        FROM account b CROSS JOIN journal_line l WHERE b.by_party = 1 AND l.account = b.id AND l.date >= ?3 AND l.date < ?4
        UNION ALL
        SELECT l.party, l.account, 0, l.debit, l.credit
        FROM account b CROSS JOIN journal_line l WHERE b.by_party = 1 AND l.account = b.id AND l.date >= ?5 AND l.date < ?6
    ) AS u
    GROUP BY u.party, u.account
) AS t
JOIN account a ON a.id = t.account AND a.by_party = 1
JOIN party p ON p.id = t.party
WHERE t.opening <> 0 OR t.debit <> 0 OR t.credit <> 0
ORDER BY p.name, p.id, a.code
