-- 0001 roles and the list of migrations
-- Why:      each program may do what its work needs and nothing more; the database says so, not our code.
-- Locks:    none that anybody waits for: new objects only.
-- Running:  nothing runs yet.
-- Undo:     DROP TABLE schema_migration; DROP ROLE each role (once nothing depends on it).
-- Compatible-from: 1
SET LOCAL lock_timeout = '2s';

-- Roles belong to the cluster: another database of it may have made them, perhaps at this moment.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['holdfast_writer', 'holdfast_operator', 'holdfast_reader',
                                'holdfast_relay', 'holdfast_worker']
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I LOGIN', name);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL;
            END;
        END IF;
    END LOOP;
END
$$;

CREATE TABLE schema_migration (
    number          integer PRIMARY KEY,
    name            text NOT NULL,
    compatible_from integer NOT NULL,
    applied_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    sha256          bytea NOT NULL CHECK (octet_length(sha256) = 32)
);
COMMENT ON TABLE schema_migration IS 'what has been applied; compatible_from: the oldest program version that can live with it';

GRANT USAGE ON SCHEMA public TO holdfast_writer, holdfast_operator, holdfast_reader,
                                holdfast_relay, holdfast_worker;
GRANT SELECT ON schema_migration TO holdfast_writer, holdfast_operator, holdfast_reader,
                                    holdfast_relay, holdfast_worker;
