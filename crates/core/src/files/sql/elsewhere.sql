SELECT count(DISTINCT a.hash)
FROM file_attachment a
WHERE NOT EXISTS (SELECT 1 FROM file_content c WHERE c.hash = a.hash AND c.size = a.size)
