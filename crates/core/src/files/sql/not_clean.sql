SELECT c.hash, coalesce((SELECT min(a.name) FROM file_attachment a WHERE a.hash = c.hash), ''), c.size,
       coalesce(s.state, 'quarantine'), coalesce(s.said, ''), coalesce(s.tries, 0)
FROM file_content c
LEFT JOIN file_scan s ON s.hash = c.hash
WHERE s.hash IS NULL OR s.state <> 'clean'
ORDER BY 4, 2, c.hash
