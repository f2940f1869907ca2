WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?1)
INSERT INTO item (id, code, code_key, name, description, kind, category, base_unit, sales_unit, purchase_unit, tracking, tax_class, sales_price,
    price_includes_tax, standard_id, origin_country, used, archived)
SELECT gen_id('item', n), gen_item_code(n), gen_item_code(n), gen_item_name(n), '', 'goods', NULL, 'C62', NULL, NULL, 'none', 'standard',
    1000000 + gen_dice(n, 1, 99) * 1000000, 0, '', '', 1, 0
FROM c;
INSERT INTO item_search (id, text) SELECT id, text FROM item_searched ORDER BY id;
INSERT OR IGNORE INTO item_cut (cut, word) SELECT c.value, w.word FROM (SELECT DISTINCT j.value AS word FROM item_search s, json_each(daybook_words(s.text)) j) w, json_each(daybook_cuts(w.word)) c;
INSERT INTO item_fts (item_fts) VALUES ('rebuild');
