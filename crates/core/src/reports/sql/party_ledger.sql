SELECT l.date, j.code, e.number, e.reference, CASE WHEN l.text = '' THEN e.text ELSE l.text END, a.code, l.due_date,
       l.debit, l.credit, NULL, e.id, e.source, e.source_id
FROM journal_line l
JOIN account a ON a.id = l.account AND a.by_party = 1
JOIN journal_entry e ON e.id = l.entry
JOIN journal j ON j.id = e.journal
WHERE l.party = ?1 AND l.date >= ?2 AND l.date <= ?3
ORDER BY l.date, l.entry, l.n
