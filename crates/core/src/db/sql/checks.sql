-- Checks: the columns they look at, and their text.
SELECT c.relname::text,
       coalesce((SELECT string_agg(a.attname::text, ',') FROM unnest(k.conkey) AS u (number) JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.number), ''),
       pg_get_constraintdef(k.oid)
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype = 'c' AND n.nspname = current_schema()
