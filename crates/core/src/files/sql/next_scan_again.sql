SELECT c.hash, c.size
FROM file_scan s
JOIN file_content c ON c.hash = s.hash
WHERE s.state = 'clean' AND s.said <> ?1 AND s.next_at <= ?2
ORDER BY s.next_at, s.hash
LIMIT 1
