-- Check: batches of a chain are consecutive, and each carries the hash before it (docs/ledger.md, invariant 27).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with found as (
    select lane || '/' || batch as what
    from (select lane, batch, prev, lag(hash) over walk as hash_before,
                 batch - lag(batch, 1, batch - 1) over walk as step, min(batch) over walk as least
          from chain window walk as (partition by lane order by batch)) c
    where step <> 1 or (hash_before is not null and prev <> hash_before) or least <> 0
)
select (select count(*) from chain) as rows, count(*) as violations, min(what) as first from found
