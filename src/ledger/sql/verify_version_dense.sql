-- Check: a customer's transfers are numbered 1, 2, 3 without a gap (docs/ledger.md, invariant 13).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select account_id::text as what from transfer where account_id >> 10 >= 1000
    group by account_id having min(account_version) <> 1 or max(account_version) <> count(*)
)
select (select count(*) from transfer) as rows, count(*) as violations, min(what) as first from found
