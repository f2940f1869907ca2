SELECT n.hash, n.size, (SELECT coalesce(max(p.n), 0) FROM file_piece p WHERE p.hash = n.hash)
FROM file_way w
JOIN (SELECT DISTINCT hash, size FROM file_attachment) n ON n.hash = w.hash
WHERE w.state IN ('clean', 'unscanned') AND w.reason IS NULL AND (w.wanted = 1 OR n.size <= ?1)
  AND NOT EXISTS (SELECT 1 FROM file_content c WHERE c.hash = n.hash AND c.size = n.size)
ORDER BY w.wanted DESC, n.size, n.hash
LIMIT 1
