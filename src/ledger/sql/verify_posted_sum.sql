-- Check: a customer's posted balance is the sum of its posted layer (docs/ledger.md, invariant 9).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select a.id::text as what
    from account a
    left join (select account_id, sum(case when credit = account_id then amount else -amount end) as posted
               from transfer where layer = 0 group by account_id) t on t.account_id = a.id
    where a.kind = 1 and a.posted <> coalesce(t.posted, 0)
)
select (select count(*) from account) as rows, count(*) as violations, min(what) as first from found
