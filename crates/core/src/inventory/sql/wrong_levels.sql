SELECT s.item, CAST(sum(s.kept) AS BIGINT), CAST(sum(s.moved) AS BIGINT)
FROM (
    SELECT item, location, quantity AS kept, 0 AS moved FROM stock_level
    UNION ALL
    SELECT item, to_location, 0, quantity FROM stock_move
    UNION ALL
    SELECT item, from_location, 0, -quantity FROM stock_move
) s
GROUP BY s.item, s.location
HAVING sum(s.kept) <> sum(s.moved)
LIMIT 1
