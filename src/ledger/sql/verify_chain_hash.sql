-- Check: every batch of a chain still has the hash that sealed it (docs/ledger.md, hash chain). The hash is computed
-- in C: here is every chain with its transfers, in the order in which they were hashed.
-- Parameters: none.
-- Columns: of chain: lane, batch, n, chain_at_us, prev, hash; of its transfers (id NULL: a batch without any): the
--   rest; message: SHA-256 of the facts of the journal's message, NULL: none.
-- Locks: none.
select c.lane, c.batch, c.n, (extract(epoch from c.at) * 1000000)::bigint as chain_at_us, c.prev, c.hash,
       t.id, t.journal_id, t.layer, t.debit, t.credit, t.amount, t.currency, t.code, t.account_id, t.account_version,
       t.hold_txn_id, t.hold_generation, t.reverses, t.posted_after, t.held_after, t.overdraft_at,
       (extract(epoch from t.at) * 1000000)::bigint as at_us, t.business_date - date '1970-01-01' as business_day,
       sha256(m.facts) as message
from chain c
left join transfer t on (t.lane, t.batch) = (c.lane, c.batch)
left join message m on m.journal_id = t.journal_id
order by c.lane, c.batch, t.account_id, t.account_version
