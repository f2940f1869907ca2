SELECT j.code || ' ' || t.year, CAST(sum(t.entries) AS TEXT)
FROM (
    SELECT journal, year, 1 AS entries, number, 0 AS last FROM journal_entry
    UNION ALL
    SELECT journal, year, 0, 0, last FROM entry_series
) AS t
JOIN journal j ON j.id = t.journal
GROUP BY j.code, t.year
HAVING sum(t.entries) <> sum(t.last) OR max(t.number) <> sum(t.entries)
ORDER BY j.code, t.year
LIMIT 1
