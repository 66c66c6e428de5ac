-- 0007 what operators did
-- Why:      who changed what and why, and a command that is repeated by mistake moves nothing twice.
-- Locks:    none that anybody waits for: new tables.
-- Running:  nothing runs yet.
-- Undo:     DROP TABLE operation, audit.
-- Compatible-from: 1
SET LOCAL lock_timeout = '2s';

CREATE TABLE audit (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    who    text NOT NULL CHECK (who <> ''),
    action text NOT NULL CHECK (action <> ''),
    object text NOT NULL,
    detail text NOT NULL DEFAULT ''
);
COMMENT ON TABLE audit IS 'one row an act of a person: who, what (card.freeze), on what (card/154510682), why';
CREATE TRIGGER audit_never_changes BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_is_never_truncated BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE audit ENABLE ALWAYS TRIGGER audit_never_changes;
ALTER TABLE audit ENABLE ALWAYS TRIGGER audit_is_never_truncated;

CREATE TABLE operation (
    key         text PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 200),
    kind        text NOT NULL,
    fingerprint bytea NOT NULL,
    result      bigint NOT NULL DEFAULT 0,
    at          timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE operation IS 'idempotency keys of commands: the same key with the same fingerprint has happened already, with another it is refused';
