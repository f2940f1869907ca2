SELECT coalesce(sum(CASE WHEN w.state <> 'infected' AND (c.hash IS NULL) = (w.wanted = 1) THEN 1 ELSE 0 END), 0),
       coalesce(sum(CASE WHEN w.state = 'infected' THEN 1 ELSE 0 END), 0)
FROM file_way w
LEFT JOIN file_content c ON c.hash = w.hash
WHERE (w.wanted = 1 OR w.state IN ('', 'absent', 'arriving', 'infected'))
  AND EXISTS (SELECT 1 FROM file_attachment a WHERE a.hash = w.hash)
