SELECT s.item, CAST(sum(s.kept) AS BIGINT), CAST(sum(s.owned) AS BIGINT)
FROM (
    SELECT item, quantity AS kept, 0 AS owned FROM item_cost
    UNION ALL
    SELECT l.item, 0, l.quantity
    FROM stock_level l
    JOIN location p ON p.id = l.location
    WHERE p.kind IN ('storage', 'production', 'transit', 'input', 'output')
) s
GROUP BY s.item
HAVING sum(s.kept) <> sum(s.owned)
LIMIT 1
