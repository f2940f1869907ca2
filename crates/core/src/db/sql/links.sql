-- Foreign keys: from which columns, to which columns, and whether they wait for the end of the transaction.
SELECT c.relname::text,
       (SELECT string_agg(a.attname::text, ',' ORDER BY u.place) FROM unnest(k.conkey) WITH ORDINALITY AS u (number, place)
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.number),
       p.relname::text,
       (SELECT string_agg(a.attname::text, ',' ORDER BY u.place) FROM unnest(k.confkey) WITH ORDINALITY AS u (number, place)
        JOIN pg_attribute a ON a.attrelid = p.oid AND a.attnum = u.number),
       k.condeferred
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class p ON p.oid = k.confrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype = 'f' AND n.nspname = current_schema()
