-- For a writer's session: plans are made once. Every statement of the hot path looks up by key, and must
-- go on doing so when a table is new, empty or was never analysed, and when it is large: a parallel plan costs
-- a batch ten milliseconds for its workers.
-- Parameters: none.   Returns: one row of no interest.   Locks: none.
SELECT set_config('plan_cache_mode', 'force_generic_plan', false),
       set_config('enable_seqscan', 'off', false),
       set_config('enable_hashjoin', 'off', false),
       set_config('enable_mergejoin', 'off', false),
       set_config('enable_material', 'off', false),
       set_config('enable_bitmapscan', 'off', false),
       set_config('max_parallel_workers_per_gather', '0', false),
       set_config('statement_timeout', '5s', false)
