SELECT c.hash, c.size, w.has
FROM file_way w
JOIN file_content c ON c.hash = w.hash
WHERE w.state IN ('absent', 'arriving') AND w.reason IS NULL
  AND EXISTS (SELECT 1 FROM file_attachment a WHERE a.hash = c.hash AND a.size = c.size)
ORDER BY c.stored_at, c.hash
LIMIT 1
