SELECT p.code, i.code, i.name, l.quantity, i.base_unit, 'item', i.id
FROM stock_level l
JOIN location p ON p.id = l.location
JOIN item i ON i.id = l.item
WHERE l.quantity <> 0 AND p.kind IN ('storage', 'production', 'transit', 'input', 'output')
ORDER BY p.code, i.code_key
