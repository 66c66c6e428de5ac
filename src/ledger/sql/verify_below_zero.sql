-- Check: available went below zero only through a code that may take it there (docs/ledger.md, invariant 16).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select id::text as what from transfer
    where debit = account_id and account_id >> 10 >= 1000
      and posted_after - held_after + overdraft_at < 0 and code not in (11, 20, 22, 24, 30, 41, 90)
)
select (select count(*) from transfer) as rows, count(*) as violations, min(what) as first from found
