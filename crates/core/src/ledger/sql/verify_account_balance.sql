SELECT a.code || ' ' || t.month, CAST(sum(t.debit - t.credit) AS TEXT)
FROM (
    SELECT account, substr(date, 1, 7) AS month, debit, credit FROM journal_line
    UNION ALL
    SELECT account, month, -debit, -credit FROM account_balance
) AS t
JOIN account a ON a.id = t.account
GROUP BY a.code, t.month
HAVING sum(t.debit) <> 0 OR sum(t.credit) <> 0
ORDER BY a.code, t.month
LIMIT 1
