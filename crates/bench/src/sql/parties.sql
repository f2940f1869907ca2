WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?1)
INSERT INTO party (id, code, code_key, name, legal_name, is_customer, is_supplier, country, language, currency, payment_days, credit_limit, on_hold,
    email, phone, vat_id, tax_number, line1, line2, postcode, city, region, receivable_account, payable_account, price_list, tags, note, archived, merged_into)
SELECT gen_id('party', n), gen_party_code(n), gen_party_code(n), gen_party_name(n), '', 1, 0, 'GB', '', NULL, 30, NULL, 0,
    'office@' || lower(substr(gen_party_name(n), 1, 5)) || n || '.example', '+44 1632 ' || n, 'GB' || (100000000 + gen_dice(n, 1, 899999999)), '',
    gen_dice(n, 2, 200) || ' High Street', '', 'LS' || gen_dice(n, 3, 29) || ' ' || gen_dice(n, 4, 9) || 'AA', gen_party_town(n), '', '', '', NULL, '', '', 0, NULL
FROM c;
INSERT INTO party_search (id, text) SELECT id, text FROM party_searched ORDER BY id;
INSERT OR IGNORE INTO party_cut (cut, word) SELECT c.value, w.word FROM (SELECT DISTINCT j.value AS word FROM party_search s, json_each(daybook_words(s.text)) j) w, json_each(daybook_cuts(w.word)) c;
INSERT INTO party_fts (party_fts) VALUES ('rebuild');
