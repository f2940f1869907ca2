WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?1)
INSERT INTO stock_level (item, location, quantity)
SELECT gen_id('item', c.n), l.id, (CASE l.kind WHEN 'supplier' THEN -2000 WHEN 'customer' THEN 1000 ELSE 1000 END) * 1000000
FROM c CROSS JOIN (SELECT id, kind FROM location WHERE code IN (SELECT min(code) FROM location WHERE kind IN ('supplier', 'customer', 'storage') GROUP BY kind)) l;
WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?1)
INSERT INTO item_cost (item, quantity, value, last_cost, short_quantity, short_value)
SELECT gen_id('item', n), 1000 * 1000000, 1000 * (50 + gen_dice(n, 5, 400)), (50 + gen_dice(n, 5, 400)) * 10000, 0, 0 FROM c;
