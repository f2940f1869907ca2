SELECT e.date, j.code, e.number, e.reference, CASE WHEN l.text = '' THEN e.text ELSE l.text END, a.code, a.name, p.name,
       l.debit, l.credit, e.id, e.source, e.source_id
FROM journal_entry e
JOIN journal j ON j.id = e.journal
JOIN journal_line l ON l.entry = e.id
JOIN account a ON a.id = l.account
LEFT JOIN party p ON p.id = l.party
WHERE e.date >= ?1 AND e.date <= ?2 AND j.code = coalesce(?3, j.code)
ORDER BY e.date, e.id, l.n
