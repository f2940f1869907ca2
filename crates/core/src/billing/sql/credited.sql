SELECT CAST(coalesce(sum(l.quantity), 0) AS BIGINT)
FROM billing_detail p
JOIN billing_document d ON d.id = p.document AND d.state = 'posted' AND d.kind = 'credit_note'
JOIN billing_line l ON l.document = d.id AND l.n = p.line
WHERE p.kind = 'preceding' AND p.subject = ?1 AND p.line > 0 AND p.extra = ?2
