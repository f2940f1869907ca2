SELECT l.date, j.code, e.number, e.reference, CASE WHEN l.text = '' THEN e.text ELSE l.text END, p.name, c.code,
       l.debit, l.credit, NULL, e.id, e.source, e.source_id
FROM journal_line l
JOIN journal_entry e ON e.id = l.entry
JOIN journal j ON j.id = e.journal
LEFT JOIN party p ON p.id = l.party
LEFT JOIN account c ON c.id = l.counter_account
WHERE l.account = ?1 AND l.date >= ?2 AND l.date <= ?3
ORDER BY l.date, l.entry, l.n
