-- The newest batch of every chain.
-- Parameters: none.
-- Returns: at timestamptz (the same in each row), lane int8, batch int8, hash bytea; in lane order; one row of NULLs but
--          for at when there is no chain.
-- Locks: none.
SELECT t.at, h.lane, h.batch, h.hash
FROM (SELECT clock_timestamp() AS at) t
LEFT JOIN (SELECT l.lane, c.batch, c.hash
           FROM lane l
           CROSS JOIN LATERAL (SELECT batch, hash FROM chain WHERE chain.lane = l.lane
                               ORDER BY batch DESC LIMIT 1) c) h ON true
ORDER BY h.lane
