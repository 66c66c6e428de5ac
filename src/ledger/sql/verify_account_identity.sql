-- Check: an account's currency and kind are those of its id (docs/ledger.md, invariant 36).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select id::text as what from account where currency <> (id & 1023) or (kind = 1) <> (id >> 10 >= 1000)
)
select (select count(*) from account) as rows, count(*) as violations, min(what) as first from found
