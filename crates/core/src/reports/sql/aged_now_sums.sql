SELECT count(*), CAST(coalesce(sum(t.b0), 0) AS BIGINT), CAST(coalesce(sum(t.b1), 0) AS BIGINT), CAST(coalesce(sum(t.b2), 0) AS BIGINT),
       CAST(coalesce(sum(t.b3), 0) AS BIGINT), CAST(coalesce(sum(t.b4), 0) AS BIGINT), CAST(coalesce(sum(t.b0 + t.b1 + t.b2 + t.b3 + t.b4), 0) AS BIGINT)
FROM (
    SELECT i.party,
           sum(CASE WHEN i.due_date >= ?1 THEN i.open ELSE 0 END) AS b0,
           sum(CASE WHEN i.due_date < ?1 AND i.due_date >= ?3 THEN i.open ELSE 0 END) AS b1,
           sum(CASE WHEN i.due_date < ?3 AND i.due_date >= ?4 THEN i.open ELSE 0 END) AS b2,
           sum(CASE WHEN i.due_date < ?4 AND i.due_date >= ?5 THEN i.open ELSE 0 END) AS b3,
           sum(CASE WHEN i.due_date < ?5 THEN i.open ELSE 0 END) AS b4
    FROM open_item i
    WHERE i.account IN (SELECT id FROM account WHERE by_party = 1 AND kind = CASE WHEN coalesce(?2, 'receivable') = 'payable' THEN 'liability' ELSE 'asset' END)
      AND i.open <> 0 AND i.date <= ?1
    GROUP BY i.party
) AS t
WHERE t.b0 <> 0 OR t.b1 <> 0 OR t.b2 <> 0 OR t.b3 <> 0 OR t.b4 <> 0
