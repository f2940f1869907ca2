-- Tables with a trigger that looks at changes of rows (bit 4 of tgtype).
SELECT DISTINCT c.relname::text
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = current_schema() AND NOT t.tgisinternal AND (t.tgtype & 16) <> 0
