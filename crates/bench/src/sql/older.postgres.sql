BEGIN;
SET LOCAL session_replication_role = replica;
DO $fill$
DECLARE
    place TEXT;
    columns TEXT;
BEGIN
    FOR place, columns IN
        SELECT mine.relname, string_agg(quote_ident(a.attname), ', ')
        FROM pg_class mine
        JOIN pg_class theirs ON theirs.relname = mine.relname AND theirs.relnamespace = '{newer}'::regnamespace
        JOIN pg_attribute a ON a.attrelid = mine.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
        JOIN pg_attribute b ON b.attrelid = theirs.oid AND b.attname = a.attname
        WHERE mine.relnamespace = '{own}'::regnamespace AND mine.relkind = 'r' AND mine.relname <> 'schema_migration'
        GROUP BY mine.relname
    LOOP
        EXECUTE format('DELETE FROM {own}.%I', place);
        EXECUTE format('INSERT INTO {own}.%I (%s) SELECT %s FROM {newer}.%I', place, columns, columns, place);
    END LOOP;
END
$fill$;
UPDATE {own}.item SET purchase_price = (SELECT p.purchase_price FROM {newer}.purchase_price p WHERE p.item = item.id);
SET LOCAL client_min_messages TO warning;
DROP SCHEMA {newer} CASCADE;
COMMIT;
