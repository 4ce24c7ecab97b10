-- Texts are compared with one sigma, wherever in a word it stands (the SQLite file of the same name rewrites the same).
-- Those from before have another one at the end of words.
UPDATE search_text SET text = replace(text, 'ς', 'σ') WHERE text LIKE '%ς%';
