SELECT j.code || ' ' || e.year || ' ' || CAST(e.number AS TEXT), CAST(coalesce(sum(l.debit) - sum(l.credit), 0) AS TEXT)
FROM journal_entry e
JOIN journal j ON j.id = e.journal
LEFT JOIN journal_line l ON l.entry = e.id
GROUP BY e.id, j.code, e.year, e.number
HAVING count(l.n) < 2 OR sum(l.debit) <> sum(l.credit)
ORDER BY j.code, e.year, e.number
LIMIT 1
