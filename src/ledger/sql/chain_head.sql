-- The newest batch of a chain: read after the lease, so that nothing of the lane's last writer is missed.
-- Parameters: $1 int8 lane.   Returns: batch int8, hash bytea; no row when the chain is new.   Locks: none.
SELECT batch, hash FROM chain WHERE lane = $1::int8 ORDER BY batch DESC LIMIT 1
