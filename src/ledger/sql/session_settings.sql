-- Pins what a session relies on, whatever the role's or the cluster's defaults say.
-- Parameters: none.   Returns: one row of no interest.   Locks: none.
SELECT set_config('search_path', 'pg_catalog, public', false),
       set_config('timezone', 'UTC', false),
       set_config('synchronous_commit',
                  CASE WHEN current_setting('synchronous_commit') IN ('off', 'local') THEN 'on'
                       ELSE current_setting('synchronous_commit') END, false),
       set_config('default_transaction_isolation', 'read committed', false),
       set_config('client_connection_check_interval', '100ms', false),
       set_config('idle_in_transaction_session_timeout', '5s', false),
       set_config('lock_timeout', '2s', false),
       set_config('jit', 'off', false)
