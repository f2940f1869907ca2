SELECT p.code, p.name,
       CAST(sum(CASE WHEN i.due_date >= ?1 THEN i.open ELSE 0 END) AS BIGINT),
       CAST(sum(CASE WHEN i.due_date < ?1 AND i.due_date >= ?3 THEN i.open ELSE 0 END) AS BIGINT),
       CAST(sum(CASE WHEN i.due_date < ?3 AND i.due_date >= ?4 THEN i.open ELSE 0 END) AS BIGINT),
       CAST(sum(CASE WHEN i.due_date < ?4 AND i.due_date >= ?5 THEN i.open ELSE 0 END) AS BIGINT),
       CAST(sum(CASE WHEN i.due_date < ?5 THEN i.open ELSE 0 END) AS BIGINT),
       CAST(sum(i.open) AS BIGINT), 'party', p.id
FROM party p CROSS JOIN open_item i
WHERE i.account IN (SELECT id FROM account WHERE by_party = 1 AND kind = CASE WHEN coalesce(?2, 'receivable') = 'payable' THEN 'liability' ELSE 'asset' END)
  AND i.party = p.id AND i.open <> 0 AND i.date <= ?1
GROUP BY p.name, p.id
HAVING sum(CASE WHEN i.due_date >= ?1 THEN i.open ELSE 0 END) <> 0
    OR sum(CASE WHEN i.due_date < ?1 AND i.due_date >= ?3 THEN i.open ELSE 0 END) <> 0
    OR sum(CASE WHEN i.due_date < ?3 AND i.due_date >= ?4 THEN i.open ELSE 0 END) <> 0
    OR sum(CASE WHEN i.due_date < ?4 AND i.due_date >= ?5 THEN i.open ELSE 0 END) <> 0
    OR sum(CASE WHEN i.due_date < ?5 THEN i.open ELSE 0 END) <> 0
ORDER BY p.name, p.id
LIMIT ?6
