SELECT CAST(coalesce(sum(l.quantity), 0) AS BIGINT)
FROM stock_level l
JOIN location p ON p.id = l.location
WHERE l.item = ?1 AND p.kind IN ('storage', 'production', 'transit', 'input', 'output')
