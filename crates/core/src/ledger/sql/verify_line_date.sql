SELECT j.code || ' ' || e.year || ' ' || CAST(e.number AS TEXT), l.date
FROM journal_line l
JOIN journal_entry e ON e.id = l.entry
JOIN journal j ON j.id = e.journal
WHERE l.date <> e.date
ORDER BY j.code, e.year, e.number
LIMIT 1
