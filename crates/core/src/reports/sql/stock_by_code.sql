SELECT i.code, i.name, c.quantity, i.base_unit, c.value, 'item', i.id
FROM item i CROSS JOIN item_cost c
WHERE c.item = i.id AND (c.quantity <> 0 OR c.value <> 0)
ORDER BY i.code_key
LIMIT ?1
