SELECT c.hash, c.size
FROM file_content c
LEFT JOIN file_scan s ON s.hash = c.hash
WHERE s.hash IS NULL OR (s.state IN ('quarantine', 'scanning', 'failed') AND s.next_at <= ?1)
ORDER BY coalesce(s.next_at, 0), c.stored_at, c.hash
LIMIT 1
