SELECT n.hash
FROM (SELECT DISTINCT hash, size FROM file_attachment) n
LEFT JOIN file_content c ON c.hash = n.hash AND c.size = n.size
LEFT JOIN file_way w ON w.hash = n.hash
WHERE (c.hash IS NOT NULL OR w.wanted = 1 OR n.size <= ?1)
  AND (w.hash IS NULL OR w.asked_at <= CASE
        WHEN w.state = 'infected' AND w.asked_at > 0 THEN ?3
        WHEN c.hash IS NULL OR w.reason IS NOT NULL THEN ?2
        WHEN w.state = 'unscanned' THEN ?3
        WHEN w.state = 'clean' THEN -1
        ELSE ?2 END)
ORDER BY n.hash
LIMIT 500
