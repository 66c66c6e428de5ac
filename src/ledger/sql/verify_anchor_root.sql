-- Check: every anchor's root is the hash over the heads it names (docs/ledger.md, hash chain). Computed in C: here is
-- every anchor with its heads, and whether each is still in its chain.
-- Parameters: none.
-- Columns: id, root, lane, batch, hash (NULL: an anchor of no chain at all), present boolean.
-- Locks: none.
select a.id, a.root, h.lane, h.batch, h.hash, c.lane is not null as present
from anchor a
left join lateral unnest(a.lanes, a.batches, a.hashes) as h (lane, batch, hash) on true
left join chain c on (c.lane, c.batch, c.hash) = (h.lane, h.batch, h.hash)
order by a.id, h.lane
