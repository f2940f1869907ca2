SELECT c.hash
FROM file_content c
WHERE c.stored_at < ?1 AND NOT EXISTS (SELECT 1 FROM file_attachment a WHERE a.hash = c.hash)
  AND NOT EXISTS (SELECT 1 FROM daybook WHERE state = 'pending')
  AND NOT EXISTS (SELECT 1 FROM attention WHERE state = 'open')
