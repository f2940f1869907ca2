SELECT count(*), CAST(coalesce(sum(i.amount), 0) AS BIGINT), CAST(coalesce(sum(i.open), 0) AS BIGINT)
FROM open_item i
WHERE i.open <> 0 AND i.date <= ?1 AND i.party = coalesce(?2, i.party)
  AND i.account IN (SELECT id FROM account WHERE kind = CASE WHEN coalesce(?3, 'receivable') = 'payable' THEN 'liability' ELSE 'asset' END)
