SELECT count(*)
FROM (SELECT DISTINCT subject FROM import_row WHERE batch = ?1 AND outcome = 'line') r
JOIN billing_document d ON d.id = r.subject
WHERE NOT EXISTS (SELECT 1 FROM billing_document x WHERE x.reverses = d.id AND x.state = 'posted')
