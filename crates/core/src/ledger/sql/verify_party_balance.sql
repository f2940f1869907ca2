SELECT a.code || ' ' || t.month, CAST(sum(t.debit - t.credit) AS TEXT)
FROM (
    SELECT party, account, substr(date, 1, 7) AS month, debit, credit FROM journal_line WHERE party IS NOT NULL
    UNION ALL
    SELECT party, account, month, -debit, -credit FROM party_balance
) AS t
JOIN account a ON a.id = t.account
GROUP BY t.party, a.code, t.month
HAVING sum(t.debit) <> 0 OR sum(t.credit) <> 0
ORDER BY a.code, t.month, t.party
LIMIT 1
