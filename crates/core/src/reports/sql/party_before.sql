SELECT CAST(coalesce(sum(t.amount), 0) AS BIGINT)
FROM (
    SELECT account, debit - credit AS amount FROM party_balance WHERE party = ?1 AND month < ?2
    UNION ALL
    SELECT b.id, l.debit - l.credit
    FROM account b CROSS JOIN journal_line l
    WHERE b.by_party = 1 AND l.party = ?1 AND l.account = b.id AND l.date >= ?3 AND l.date < ?4
) AS t
JOIN account a ON a.id = t.account
WHERE a.by_party = 1
