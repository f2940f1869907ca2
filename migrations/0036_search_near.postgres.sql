-- Search by words and their beginnings, as on SQLite, by an index of words that PostgreSQL has without any extension. The
-- indexes of 0012 to 0020 by letters served another form of the question.
DROP INDEX IF EXISTS party_words;;
DROP INDEX IF EXISTS item_words;;
DROP INDEX IF EXISTS billing_document_words;;
-- The words of a text: small letters without accents, at most 64 letters each. One expression without a query inside, which
-- PostgreSQL writes out where it is used; short texts of ASCII take the short way.
CREATE FUNCTION search_words(said TEXT) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_to_tsvector(array_remove(string_to_array(
        CASE WHEN octet_length(said) = length(said) AND length(said) < 400
        THEN lower(translate(said, E'\t\n\u000b\f\r!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~', repeat(' ', 37)))
        ELSE regexp_replace(lower(translate(regexp_replace(said, E'[\\s!-/:-@\\[-`{-~\\u00a0-\\u00a9\\u00ab-\\u00b4\\u00b6-\\u00b9\\u00bb-\\u00bf\\u2010-\\u203a]+', ' ', 'g'), 'ÀÁÂÃÄÅàáâãäåÇçÈÉÊËèéêëÌÍÎÏìíîïÑñÒÓÔÕÖòóôõöÙÚÛÜùúûüÝýÿĀāĂăĄąĆćĈĉĊċČčĎďĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĨĩĪīĬĭĮįİĴĵĶķĹĺĻļĽľŃńŅņŇňŌōŎŏŐőŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽžÆØÞÐĐŁŒ', 'aaaaaaaaaaaacceeeeeeeeiiiiiiiinnoooooooooouuuuuuuuyyyaaaaaaccccccccddeeeeeeeeeegggggggghhiiiiiiiiijjkkllllllnnnnnnoooooorrrrrrssssssssttttuuuuuuuuuuuuwwyyyzzzzzzæøþðđłœ')), '([^ ]{64})[^ ]+', '\1', 'g') END, ' '), ''))
$$;;
CREATE INDEX party_said ON party USING gin (search_words(code || ' ' || name || ' ' || city || ' ' || vat_id || ' ' || email || ' ' || phone || ' ' || note || ' ' || legal_name || ' ' || contact_name));;
CREATE FUNCTION party_found(asked tsquery) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    SELECT id FROM party WHERE search_words(code || ' ' || name || ' ' || city || ' ' || vat_id || ' ' || email || ' ' || phone || ' ' || note || ' ' || legal_name || ' ' || contact_name) @@ asked
$$;;
CREATE INDEX item_said ON item USING gin (search_words(code || ' ' || name || ' ' || description || ' ' || standard_id));;
CREATE INDEX item_barcode_said ON item_barcode USING gin (search_words(code));;
CREATE FUNCTION item_found(asked tsquery) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    SELECT id FROM item WHERE search_words(code || ' ' || name || ' ' || description || ' ' || standard_id) @@ asked
    UNION SELECT item FROM item_barcode WHERE search_words(code) @@ asked
$$;;
CREATE INDEX billing_document_payable ON billing_document (payable);;
CREATE INDEX billing_document_said ON billing_document USING gin (search_words(number || ' ' || party_name || ' ' || buyer_reference || ' ' || project || ' ' || contract || ' ' || order_reference || ' ' || sales_order));;
CREATE FUNCTION billing_invoice_found(asked tsquery) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    SELECT id FROM billing_document WHERE search_words(number || ' ' || party_name || ' ' || buyer_reference || ' ' || project || ' ' || contract || ' ' || order_reference || ' ' || sales_order) @@ asked
$$;;
CREATE INDEX journal_entry_said ON journal_entry USING gin (search_words(reference || ' ' || text)) WHERE source = 'manual';;
CREATE FUNCTION journal_entry_found(asked tsquery) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    SELECT id FROM journal_entry WHERE search_words(reference || ' ' || text) @@ asked AND source = 'manual'
$$;;
