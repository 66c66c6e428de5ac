-- Check: no hold is released or cleared beyond its amount (docs/ledger.md, invariant 17).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select account_id || '/' || txn_id || '-' || generation as what from hold where cleared + released > amount
)
select (select count(*) from hold) as rows, count(*) as violations, min(what) as first from found
