SELECT coalesce(i.code, ''), coalesce(i.name, s.name), count(DISTINCT s.document),
       CAST(sum(s.sign * s.base_quantity) AS BIGINT),
       CAST(sum(s.sign * (CASE WHEN s.rate = 1000000 THEN s.net ELSE (s.net * s.rate + 500000) / 1000000 END)) AS BIGINT),
       'item', s.item
FROM (
    SELECT l.document, l.item, l.base_quantity, l.net, d.exchange_rate AS rate,
           CASE WHEN l.item IS NULL THEN l.name ELSE '' END AS name,
           CASE WHEN d.kind = 'invoice' THEN 1 ELSE -1 END AS sign
    FROM billing_line l
    JOIN billing_document d ON d.id = l.document
    WHERE d.state = 'posted' AND d.issue_date >= ?1 AND d.issue_date <= ?2
) AS s
LEFT JOIN item i ON i.id = s.item
GROUP BY s.item, i.code, i.name, s.name
ORDER BY 5 DESC, 1, 2
