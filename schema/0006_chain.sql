-- 0006 hash chain
-- Why:      nobody, the operator included, rewrites or cuts the history unseen (docs/ledger.md).
-- Locks:    none that anybody waits for: new tables.
-- Running:  nothing runs yet.
-- Undo:     DROP TABLE anchor, chain, lane; DROP SEQUENCE lane_number; DROP DOMAIN sha256_digest.
-- Compatible-from: 1
SET LOCAL lock_timeout = '2s';

CREATE DOMAIN sha256_digest AS bytea CONSTRAINT digest_has_32_bytes CHECK (octet_length(VALUE) = 32);

CREATE SEQUENCE lane_number AS bigint;
CREATE TABLE lane (
    lane      bigint PRIMARY KEY DEFAULT nextval('lane_number'),
    opened_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE lane IS 'the chains there are; each is continued by one writer at a time';

CREATE TABLE chain (
    lane  bigint NOT NULL REFERENCES lane (lane),
    batch ordinal_or_zero NOT NULL,
    n     integer NOT NULL,
    at    timestamptz NOT NULL,
    prev  sha256_digest NOT NULL,
    hash  sha256_digest NOT NULL,
    PRIMARY KEY (lane, batch),
    CONSTRAINT chain_cannot_fork UNIQUE (lane, prev)
);
COMMENT ON TABLE chain IS 'one row a batch that moved money: n transfers, sealed by hash over them and the hash before; batch 0 is the genesis, whose prev is an anchor''s root';

CREATE TABLE anchor (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL,
    root    sha256_digest NOT NULL,
    lanes   bigint[] NOT NULL,
    batches bigint[] NOT NULL,
    hashes  bytea[] NOT NULL,
    CHECK (cardinality(lanes) = cardinality(batches) AND cardinality(lanes) = cardinality(hashes))
);
COMMENT ON TABLE anchor IS 'heads of all chains at a moment, and their hash, which also goes where this database cannot reach: whoever keeps a root can prove everything before it';

CREATE TRIGGER chain_never_changes BEFORE UPDATE OR DELETE ON chain
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER chain_is_never_truncated BEFORE TRUNCATE ON chain
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER anchor_never_changes BEFORE UPDATE OR DELETE ON anchor
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER anchor_is_never_truncated BEFORE TRUNCATE ON anchor
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE chain ENABLE ALWAYS TRIGGER chain_never_changes;
ALTER TABLE chain ENABLE ALWAYS TRIGGER chain_is_never_truncated;
ALTER TABLE anchor ENABLE ALWAYS TRIGGER anchor_never_changes;
ALTER TABLE anchor ENABLE ALWAYS TRIGGER anchor_is_never_truncated;
