-- Texts are compared with one sigma, wherever in a word it stands (the PostgreSQL file of the same name rewrites the
-- same). Those from before have another one at the end of words. The index of texts follows by hand: it has triggers for
-- rows that come and go, and no row changes else.
CREATE TEMP TABLE with_final_sigma AS SELECT id FROM search_text WHERE instr(text, 'ς') > 0;
INSERT INTO search_text_fts (search_text_fts, rowid, text)
SELECT 'delete', id, text FROM search_text WHERE id IN (SELECT id FROM with_final_sigma);
UPDATE search_text SET text = replace(text, 'ς', 'σ') WHERE id IN (SELECT id FROM with_final_sigma);
INSERT INTO search_text_fts (rowid, text)
SELECT id, text FROM search_text WHERE id IN (SELECT id FROM with_final_sigma);
DROP TABLE with_final_sigma;
