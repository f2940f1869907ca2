SELECT a.hash, min(a.name), min(a.media_type), min(a.size), max(CASE WHEN c.hash IS NULL THEN 0 ELSE 1 END),
       coalesce(max(w.state), ''), coalesce(max(w.wanted), 0), max(w.reason)
FROM file_attachment a
LEFT JOIN file_content c ON c.hash = a.hash AND c.size = a.size
LEFT JOIN file_way w ON w.hash = a.hash
WHERE a.hash BETWEEN ?1 AND ?2
GROUP BY a.hash
ORDER BY min(a.name), a.hash
