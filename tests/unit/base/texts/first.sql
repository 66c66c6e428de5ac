-- A comment with "quotes", a \ backslash, a tab	and ??= no trigraph.
SELECT 1;
