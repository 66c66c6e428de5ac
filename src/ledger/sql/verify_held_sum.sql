-- Check: a customer's held balance is the sum of what remains of its open debit holds (docs/ledger.md, invariant 10).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select a.id::text as what
    from account a
    left join (select account_id, sum(amount - cleared - released) as held
               from hold where state = 1 and direction = 'D' group by account_id) h on h.account_id = a.id
    where a.kind = 1 and a.held <> coalesce(h.held, 0)
)
select (select count(*) from account) as rows, count(*) as violations, min(what) as first from found
