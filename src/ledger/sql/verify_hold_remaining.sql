-- Check: what remains of a debit hold is the sum of its pending transfers (docs/ledger.md, invariant 11).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select h.account_id || '/' || h.txn_id || '-' || h.generation as what
    from hold h
    left join (select account_id, hold_txn_id, hold_generation,
                      sum(case when debit = account_id then amount else -amount end) as remaining
               from transfer where layer = 1 group by 1, 2, 3) t
      on (t.account_id, t.hold_txn_id, t.hold_generation) = (h.account_id, h.txn_id, h.generation)
    where h.direction = 'D' and h.amount - h.cleared - h.released <> coalesce(t.remaining, 0)
)
select (select count(*) from hold) as rows, count(*) as violations, min(what) as first from found
