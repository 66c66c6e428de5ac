-- Check: the entries of a payment are numbered 1, 2, 3 without a gap (docs/ledger.md, invariant 43).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select account_id || '/' || payment as what from entry
    group by account_id, payment having min(n) <> 1 or max(n) <> count(*)
)
select (select count(*) from entry) as rows, count(*) as violations, min(what) as first from found
