SELECT i.code, i.name, c.quantity, i.base_unit, c.value, 'item', i.id
FROM item_cost c
JOIN item i ON i.id = c.item
WHERE c.quantity <> 0 OR c.value <> 0
ORDER BY i.code_key
