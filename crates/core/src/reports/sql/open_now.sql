SELECT p.name, i.reference, i.date, i.due_date, a.code, i.amount, i.open, e.id, e.source, e.source_id
FROM open_item i CROSS JOIN account a CROSS JOIN party p CROSS JOIN journal_entry e
WHERE i.open <> 0 AND i.date <= ?1 AND i.party = coalesce(?2, i.party)
  AND a.id = i.account AND a.kind = CASE WHEN coalesce(?3, 'receivable') = 'payable' THEN 'liability' ELSE 'asset' END
  AND p.id = i.party AND e.id = i.entry
ORDER BY i.due_date, p.name, i.entry, i.n
LIMIT ?4
