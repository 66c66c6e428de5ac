-- 0005 outbox
-- Why:      the event commits with the money, or neither does.
-- Locks:    none that anybody waits for: a new table.
-- Running:  nothing runs yet.
-- Undo:     DROP TABLE outbox; DROP SEQUENCE outbox_seq; DROP FUNCTION make_outbox_partitions; DROP DOMAIN event_type.
-- Compatible-from: 1
SET LOCAL lock_timeout = '2s';

-- CACHE 1: drawn while the account's lock is held, so within an account seq rises with event_version.
CREATE SEQUENCE outbox_seq AS bigint CACHE 1;

CREATE DOMAIN event_type AS text CONSTRAINT event_type_is_ours CHECK (VALUE LIKE 'io.holdfast.%');

CREATE TABLE outbox (
    account_id    bigint NOT NULL,
    event_version ordinal NOT NULL,
    seq           bigint NOT NULL DEFAULT nextval('outbox_seq'),
    journal_id    bigint,
    at            timestamptz NOT NULL,
    type          event_type NOT NULL,
    payload       json NOT NULL,
    PRIMARY KEY (account_id, event_version, at)
) PARTITION BY RANGE (at);
CREATE INDEX outbox_by_seq ON outbox (seq);
COMMENT ON TABLE outbox IS 'CloudEvents to publish, one partition a UTC day; event_version is dense per account, the id of an event is account_id-event_version';

CREATE TABLE outbox_default PARTITION OF outbox DEFAULT;
COMMENT ON TABLE outbox_default IS 'the net under the day partitions: a row in it means that nobody made tomorrow';

-- Makes the partitions of today and the next `days` days (UTC); returns how many were missing. Callable by
-- every program that runs for long. A day whose rows fell into the default partition is left there.
CREATE FUNCTION make_outbox_partitions(days integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '2s' SET timezone = 'UTC' AS $$
DECLARE
    today date := (clock_timestamp() AT TIME ZONE 'UTC')::date;
    day   date;
    name  text;
    made  integer := 0;
BEGIN
    IF days IS NULL OR days < 0 OR days > 60 THEN
        RAISE EXCEPTION 'days: expected 0 to 60, found %', days USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('holdfast outbox partitions'));
    FOR i IN 0..days LOOP
        day := today + i;
        name := 'outbox_' || to_char(day, 'YYYYMMDD');
        CONTINUE WHEN to_regclass('public.' || name) IS NOT NULL;
        BEGIN
            -- Made apart and attached: PARTITION OF would lock the outbox against every writer.
            EXECUTE format('CREATE TABLE public.%I (LIKE public.outbox INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
            EXECUTE format('ALTER TABLE public.outbox ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
                           name, day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
            made := made + 1;
        EXCEPTION WHEN check_violation THEN
            RAISE WARNING 'outbox: rows of % are in the default partition', day;
        END;
    END LOOP;
    RETURN made;
END
$$;
REVOKE ALL ON FUNCTION make_outbox_partitions(integer) FROM PUBLIC;
SELECT make_outbox_partitions(7);
