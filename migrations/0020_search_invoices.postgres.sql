-- Search as you type over invoices, as 0012 does it for customers and items.
DROP VIEW IF EXISTS billing_invoice;;
CREATE VIEW billing_invoice AS
SELECT d.id, d.number, d.kind,
       CASE WHEN d.state = 'posted' AND EXISTS (SELECT 1 FROM billing_document r WHERE r.reverses = d.id AND r.state = 'posted') THEN 'reversed' ELSE d.state END AS state,
       d.party, d.party_name, d.issue_date, d.due_date, d.currency, d.net, d.tax, d.gross, d.payable, d.country,
       coalesce((SELECT CAST(sum(o.open) AS BIGINT) FROM open_item o WHERE o.entry = d.entry), 0) AS open,
       d.buyer_reference, d.project, d.contract, d.order_reference, d.sales_order
FROM billing_document d;;
CREATE INDEX billing_document_lower_number ON billing_document (lower(number) text_pattern_ops);;
CREATE INDEX billing_document_lower_name ON billing_document (lower(party_name) text_pattern_ops);;
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;
    CREATE INDEX billing_document_words ON billing_document USING gin (
        lower(number) public.gin_trgm_ops, lower(party_name) public.gin_trgm_ops, lower(buyer_reference) public.gin_trgm_ops, lower(project) public.gin_trgm_ops,
        lower(contract) public.gin_trgm_ops, lower(order_reference) public.gin_trgm_ops, lower(sales_order) public.gin_trgm_ops);
EXCEPTION WHEN OTHERS THEN
    RAISE NOTICE 'no pg_trgm: search reads prefixes only by index';
END $$;;
