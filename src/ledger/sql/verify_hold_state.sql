-- Check: a hold is open exactly while something remains (docs/ledger.md, invariant 18).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select account_id || '/' || txn_id || '-' || generation as what from hold where (state = 1) <> (amount - cleared - released > 0)
)
select (select count(*) from hold) as rows, count(*) as violations, min(what) as first from found
