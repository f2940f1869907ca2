-- Search as you type: prefixes by B-tree, any part of a word by trigram where the server has pg_trgm.
CREATE INDEX party_lower_code ON party (lower(code) text_pattern_ops);;
CREATE INDEX party_lower_name ON party (lower(name) text_pattern_ops);;
CREATE INDEX party_lower_city ON party (lower(city) text_pattern_ops);;
CREATE INDEX party_lower_vat_id ON party (lower(vat_id) text_pattern_ops);;
CREATE INDEX party_lower_email ON party (lower(email) text_pattern_ops);;
CREATE INDEX item_lower_code ON item (lower(code) text_pattern_ops);;
CREATE INDEX item_lower_name ON item (lower(name) text_pattern_ops);;
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;
    CREATE INDEX party_words ON party USING gin (lower(code) public.gin_trgm_ops, lower(name) public.gin_trgm_ops, lower(city) public.gin_trgm_ops, lower(vat_id) public.gin_trgm_ops, lower(email) public.gin_trgm_ops);
    CREATE INDEX item_words ON item USING gin (lower(code) public.gin_trgm_ops, lower(name) public.gin_trgm_ops, lower(description) public.gin_trgm_ops);
EXCEPTION WHEN OTHERS THEN
    RAISE NOTICE 'no pg_trgm: search reads prefixes only by index';
END $$;;
