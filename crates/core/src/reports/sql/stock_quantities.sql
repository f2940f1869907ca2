SELECT i.code, i.name, CAST(sum(l.quantity) AS BIGINT), i.base_unit, 'item', i.id
FROM stock_level l
JOIN location p ON p.id = l.location
JOIN item i ON i.id = l.item
WHERE p.kind IN ('storage', 'production', 'transit', 'input', 'output')
GROUP BY i.id, i.code, i.name, i.base_unit, i.code_key
HAVING sum(l.quantity) <> 0
ORDER BY i.code_key
