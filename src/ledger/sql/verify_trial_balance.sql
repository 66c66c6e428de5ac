-- Check: per currency and layer, debits equal credits (docs/ledger.md, invariant 5).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select 'layer ' || layer || ' currency ' || (account & 1023) as what
    from (select layer, amount, debit as account from transfer
          union all select layer, -amount, credit from transfer) as side
    group by layer, account & 1023 having sum(amount) <> 0
)
select (select count(*) from transfer) as rows, count(*) as violations, min(what) as first from found
