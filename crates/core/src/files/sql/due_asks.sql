SELECT n.hash
FROM (SELECT DISTINCT hash, size FROM file_attachment) n
LEFT JOIN file_content c ON c.hash = n.hash AND c.size = n.size
LEFT JOIN file_way w ON w.hash = n.hash
WHERE (c.hash IS NOT NULL OR w.wanted = 1 OR n.size <= ?1)
  AND (w.hash IS NULL OR w.asked_at > ?4 OR w.asked_at <= CASE
        WHEN w.state = 'infected' AND w.asked_at > 0 THEN ?3
        WHEN c.hash IS NOT NULL AND w.reason IS NULL AND w.state IN ('clean', 'unscanned') THEN ?3
        ELSE ?2 END)
ORDER BY n.hash
LIMIT 500
