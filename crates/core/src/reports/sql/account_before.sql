SELECT CAST(coalesce(sum(amount), 0) AS BIGINT)
FROM (
    SELECT debit - credit AS amount FROM account_balance WHERE account = ?1 AND month < ?2
    UNION ALL
    SELECT debit - credit FROM journal_line WHERE account = ?1 AND date >= ?3 AND date < ?4
) AS t
