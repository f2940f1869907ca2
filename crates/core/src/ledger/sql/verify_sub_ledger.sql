SELECT a.code, CAST(sum(t.debit - t.credit) AS TEXT)
FROM (
    SELECT account, debit, credit FROM account_balance
    UNION ALL
    SELECT account, -debit, -credit FROM party_balance
) AS t
JOIN account a ON a.id = t.account
WHERE a.by_party = 1
GROUP BY a.code
HAVING sum(t.debit) <> 0 OR sum(t.credit) <> 0
ORDER BY a.code
LIMIT 1
