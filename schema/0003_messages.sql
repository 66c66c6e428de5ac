-- 0003 messages, payments, holds, inbox
-- Why:      what was said and answered (declines too), what belongs together, what is held, what waits for a person.
-- Locks:    none that anybody waits for: new tables.
-- Running:  nothing runs yet.
-- Undo:     DROP TABLE cutoff, told, message_refused, inbox, hold, entry, message; DROP DOMAIN each.
-- Compatible-from: 1
SET LOCAL lock_timeout = '2s';

-- Not partitioned by time: a unique key would then have to contain the day, and the same message after
-- midnight would move money twice.
CREATE DOMAIN message_role AS smallint CONSTRAINT message_role_is_known CHECK (VALUE IN (1, 2, 3));
CREATE DOMAIN response_code AS text CONSTRAINT response_has_two_characters CHECK (length(VALUE) IN (0, 2));
CREATE DOMAIN statement_facts AS bytea CONSTRAINT facts_fit CHECK (octet_length(VALUE) BETWEEN 1 AND 256);
CREATE DOMAIN hold_generation AS smallint CONSTRAINT generation_counts_from_one CHECK (VALUE > 0);
CREATE DOMAIN hold_state AS smallint CONSTRAINT hold_state_is_known CHECK (VALUE BETWEEN 1 AND 5);

CREATE TABLE message (
    txn_id           ordinal NOT NULL,
    role             message_role NOT NULL,
    matrix_row       smallint NOT NULL,
    account_id       bigint,
    token            integer,
    product          bigint NOT NULL DEFAULT 0,
    payment          bigint,
    journal_id       bigint NOT NULL,
    kind             text NOT NULL,
    reason           text NOT NULL,
    rule             text NOT NULL,
    scheme           text NOT NULL,
    is_decision      boolean NOT NULL,
    approved         boolean NOT NULL,
    response         response_code NOT NULL,
    acknowledged     boolean NOT NULL,
    currency         smallint NOT NULL DEFAULT 0,
    amount           bigint NOT NULL DEFAULT 0,
    posted           bigint NOT NULL DEFAULT 0,
    available        bigint NOT NULL DEFAULT 0,
    approved_amount  bigint NOT NULL DEFAULT 0,
    match_score      bigint NOT NULL DEFAULT -1,
    match_rule       text NOT NULL DEFAULT '',
    repair           text NOT NULL DEFAULT '',
    mcc              smallint NOT NULL DEFAULT 0,
    merchant_name    text NOT NULL DEFAULT '',
    merchant_country text NOT NULL DEFAULT '',
    actor            text NOT NULL DEFAULT '',
    request_id       text NOT NULL DEFAULT '',
    traceparent      text NOT NULL DEFAULT '',
    at               timestamptz NOT NULL,
    facts            statement_facts NOT NULL,
    fields           bytea NOT NULL,
    CONSTRAINT message_moves_money_once PRIMARY KEY (txn_id, role)
) WITH (autovacuum_vacuum_scale_factor = 0.01);
-- Kept inline where it fits after compression: a row in the TOAST table would be a second insert.
ALTER TABLE message ALTER COLUMN fields SET STORAGE MAIN;
DO $$
BEGIN
    ALTER TABLE message ALTER COLUMN fields SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    NULL; -- a server built without lz4 keeps its default
END
$$;
CREATE INDEX message_account ON message (account_id, at) WHERE account_id IS NOT NULL;
CREATE INDEX message_at ON message USING brin (at) WITH (pages_per_range = 16, autosummarize = on);
COMMENT ON TABLE message IS 'every message with the answer decided for it; never changed (what was really sent, where it differs, is in told)';
COMMENT ON COLUMN message.role IS '1 request, 2 outcome, 3 our own withdrawal of an approval never told';
COMMENT ON COLUMN message.repair IS 'the case of docs/ehi-coverage.md that applied, R1 and so on; empty: none';
COMMENT ON COLUMN message.facts IS 'the statement: what decide() saw and answered, fixed binary';
COMMENT ON COLUMN message.fields IS 'every element received, masked';

CREATE TRIGGER message_never_changes BEFORE UPDATE ON message
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE message ENABLE ALWAYS TRIGGER message_never_changes;

CREATE TABLE message_refused (
    txn_id     bigint NOT NULL,
    role       smallint NOT NULL,
    digest     bytea NOT NULL GENERATED ALWAYS AS (sha256(fields)) STORED,
    account_id bigint,
    token      integer,
    request_id text NOT NULL DEFAULT '',
    at         timestamptz NOT NULL,
    facts      bytea NOT NULL,
    fields     bytea NOT NULL,
    PRIMARY KEY (txn_id, role, digest)
);
COMMENT ON TABLE message_refused IS 'messages with the id and role of a stored one and other content: they moved nothing';

CREATE TABLE told (
    txn_id       bigint NOT NULL,
    role         smallint NOT NULL,
    response     text NOT NULL CHECK (length(response) = 2),
    acknowledged boolean NOT NULL,
    at           timestamptz NOT NULL,
    PRIMARY KEY (txn_id, role)
);
COMMENT ON TABLE told IS 'the answer really sent, where it is not the message''s; a repeat gets this one';

CREATE TABLE cutoff (
    cutoff_id    bigint PRIMARY KEY,
    product      bigint NOT NULL,
    first_txn_id bigint NOT NULL,
    last_txn_id  bigint NOT NULL,
    counts       bigint[] NOT NULL CHECK (array_length(counts, 1) = 8),
    request_id   text NOT NULL DEFAULT '',
    at           timestamptz NOT NULL
);

-- A payment is the set of its entries; a hold is a function of that set.
CREATE DOMAIN entry_place AS integer CONSTRAINT entry_counts_from_one CHECK (VALUE > 0);
CREATE TABLE entry (
    account_id        bigint NOT NULL,
    payment           bigint NOT NULL,
    n                 entry_place NOT NULL,
    txn_id            bigint NOT NULL,
    role              smallint NOT NULL,
    trace_key         bigint,
    trace_message_key bigint,
    link_key          bigint,
    acquirer_ref_key  bigint,
    matching_txn_id   bigint,
    PRIMARY KEY (account_id, payment, n),
    CONSTRAINT entry_is_in_one_payment UNIQUE (account_id, txn_id, role)
);
CREATE INDEX entry_trace ON entry (account_id, trace_key) WHERE trace_key IS NOT NULL;
CREATE INDEX entry_trace_message ON entry (account_id, trace_message_key) WHERE trace_message_key IS NOT NULL;
CREATE INDEX entry_link ON entry (account_id, link_key) WHERE link_key IS NOT NULL;
CREATE INDEX entry_acquirer_ref ON entry (account_id, acquirer_ref_key) WHERE acquirer_ref_key IS NOT NULL;
CREATE INDEX entry_matching ON entry (account_id, matching_txn_id) WHERE matching_txn_id IS NOT NULL;
COMMENT ON TABLE entry IS 'which messages make up a payment, in order of arrival, and the references that find it; the facts are in message';
COMMENT ON COLUMN entry.payment IS 'TXn_ID of the payment''s first message';

CREATE TABLE hold (
    account_id bigint NOT NULL,
    txn_id     bigint NOT NULL,
    generation hold_generation NOT NULL,
    payment    bigint NOT NULL,
    token      integer NOT NULL,
    amount     minor_positive NOT NULL,
    cleared    minor_not_negative NOT NULL DEFAULT 0,
    released   minor_not_negative NOT NULL DEFAULT 0,
    state      hold_state NOT NULL DEFAULT 1,
    direction  side NOT NULL DEFAULT 'D',
    opened_at  timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    closed_at  timestamptz,
    PRIMARY KEY (account_id, txn_id, generation),
    CONSTRAINT hold_not_beyond_its_amount CHECK (cleared + released <= amount),
    CONSTRAINT hold_open_while_something_remains CHECK ((state = 1) = (amount - cleared - released > 0)),
    CONSTRAINT hold_closed_has_a_time CHECK ((state = 1) = (closed_at IS NULL))
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01);
CREATE INDEX hold_expires ON hold (expires_at) WHERE state = 1;
COMMENT ON TABLE hold IS 'pending money with a life; a closed one never reopens, growth after the end opens the next generation';
COMMENT ON COLUMN hold.state IS '1 open, 2 cleared, 3 released, 4 expired, 5 voided';

-- An authorisation has at most one open hold: generation n + 1 begins only when n is there and closed, and closed
-- stays closed. Nearly all holds are their authorisation's first and pay for neither index nor plpgsql.
CREATE FUNCTION refuse_second_open_hold() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.hold h
                   WHERE h.account_id = new.account_id AND h.txn_id = new.txn_id
                     AND h.generation = new.generation - 1 AND h.state <> 1) THEN
        RAISE EXCEPTION 'generation % of hold % refused: the one before is not closed', new.generation, new.txn_id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
    END IF;
    RETURN new;
END
$$;
CREATE TRIGGER hold_one_open BEFORE INSERT ON hold
    FOR EACH ROW WHEN (new.generation > 1) EXECUTE FUNCTION refuse_second_open_hold();
ALTER TABLE hold ENABLE ALWAYS TRIGGER hold_one_open;

-- WHEN is evaluated without plpgsql, so the sound update pays almost nothing.
CREATE TRIGGER hold_closed_stays_closed BEFORE UPDATE ON hold
    FOR EACH ROW WHEN (old.state <> 1) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER hold_numbers_never_fall BEFORE UPDATE ON hold
    FOR EACH ROW WHEN (new.amount < old.amount OR new.cleared < old.cleared OR new.released < old.released)
    EXECUTE FUNCTION refuse_change();
ALTER TABLE hold ENABLE ALWAYS TRIGGER hold_closed_stays_closed;
ALTER TABLE hold ENABLE ALWAYS TRIGGER hold_numbers_never_fall;

CREATE TABLE inbox (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    txn_id     bigint,
    role       smallint,
    account_id bigint,
    token      integer,
    why        smallint NOT NULL CHECK (why BETWEEN 1 AND 99),
    state      smallint NOT NULL DEFAULT 1 CHECK (state IN (1, 2, 3, 4)),
    kind       text NOT NULL DEFAULT '',
    detail     text NOT NULL DEFAULT '',
    request_id text NOT NULL DEFAULT '',
    at         timestamptz NOT NULL,
    closed_at  timestamptz,
    trace_key         bigint,
    trace_message_key bigint,
    link_key          bigint,
    acquirer_ref_key  bigint,
    matching_txn_id   bigint,
    facts      bytea,
    fields     bytea,
    digest     bytea GENERATED ALWAYS AS (sha256(fields)) STORED,
    CONSTRAINT inbox_closed_has_a_time CHECK ((state = 1) = (closed_at IS NULL)),
    CONSTRAINT inbox_keeps_what_it_cannot_name CHECK (txn_id IS NOT NULL OR fields IS NOT NULL),
    CONSTRAINT inbox_role_comes_with_an_id CHECK (txn_id IS NULL OR role IS NOT NULL)
);
-- The processor sends again what was not acknowledged: one row, however often.
CREATE UNIQUE INDEX inbox_once ON inbox (txn_id, role, why) WHERE txn_id IS NOT NULL;
CREATE UNIQUE INDEX inbox_once_unreadable ON inbox (why, digest) WHERE txn_id IS NULL;
CREATE INDEX inbox_parked ON inbox (account_id) WHERE why IN (2, 3) AND state = 1;
CREATE INDEX inbox_open ON inbox (id) WHERE state = 1;
COMMENT ON TABLE inbox IS 'messages that wait for their original or for a person';
COMMENT ON COLUMN inbox.why IS '1 unknown card, 2 parked, 3 unreliable match, 4 not handled, 5 unknown kind, 6 malformed, 7 unreadable, 8 error';
COMMENT ON COLUMN inbox.state IS '1 open, 2 joined a payment, 3 closed by a person, 4 given up: its original never came';
COMMENT ON COLUMN inbox.trace_key IS 'the references, for the entry that a parked message becomes when its payment is found';
COMMENT ON COLUMN inbox.facts IS 'as fields: NULL when the message is stored under (txn_id, role)';
COMMENT ON COLUMN inbox.detail IS 'what was wrong, without card data';
