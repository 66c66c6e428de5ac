-- 0004 transfers
-- Why:      the books. One row has a debit and a credit, so no row can be out of balance.
-- Locks:    none that anybody waits for: a new table.
-- Running:  nothing runs yet.
-- Undo:     DROP TABLE transfer; DROP SEQUENCE ledger_id, internal_version; DROP DOMAIN transfer_layer, transfer_code.
-- Compatible-from: 1
SET LOCAL lock_timeout = '2s';

CREATE SEQUENCE ledger_id AS bigint INCREMENT 4096;
COMMENT ON SEQUENCE ledger_id IS 'ids of transfers and journals: a writer owns nextval .. nextval + 4095';
CREATE SEQUENCE internal_version AS bigint;
COMMENT ON SEQUENCE internal_version IS 'account_version of rows between internal accounts, so that no writer waits for another';

CREATE DOMAIN transfer_layer AS smallint CONSTRAINT transfer_layer_is_known CHECK (VALUE IN (0, 1));
CREATE DOMAIN transfer_code AS smallint
    CONSTRAINT transfer_code_is_known
        CHECK (VALUE IN (10, 11, 12, 13, 14, 15, 19, 20, 21, 22, 23, 24, 30, 31, 40, 41, 50, 90));

CREATE TABLE transfer (
    id              bigint NOT NULL,
    journal_id      bigint NOT NULL,
    debit           account_ref NOT NULL,
    credit          account_ref NOT NULL,
    amount          minor_positive NOT NULL,
    account_id      bigint NOT NULL,
    account_version ordinal NOT NULL,
    hold_txn_id     bigint,
    reverses        bigint,
    posted_after    bigint NOT NULL,
    held_after      minor_not_negative NOT NULL,
    overdraft_at    minor_not_negative NOT NULL,
    lane            bigint NOT NULL,
    batch           bigint NOT NULL,
    at              timestamptz NOT NULL,
    business_date   date NOT NULL,
    layer           transfer_layer NOT NULL,
    currency        smallint NOT NULL,
    code            transfer_code NOT NULL,
    hold_generation smallint,
    PRIMARY KEY (account_id, account_version),
    CONSTRAINT transfer_account_exists FOREIGN KEY (account_id) REFERENCES account (id),
    CONSTRAINT transfer_sides_differ CHECK (debit <> credit),
    CONSTRAINT transfer_has_one_currency
        CHECK ((debit & 1023) = currency AND (credit & 1023) = currency),
    CONSTRAINT transfer_has_at_most_one_customer CHECK (debit >> 10 < 1000 OR credit >> 10 < 1000),
    -- The larger id, which is the customer's where there is one: else a row could evade the running balance.
    CONSTRAINT transfer_account_is_a_side CHECK (account_id = greatest(debit, credit)),
    CONSTRAINT transfer_authorisation_never_below_zero
        CHECK (code <> 10 OR posted_after - held_after + overdraft_at >= 0),
    CONSTRAINT transfer_below_zero_only_by_code
        CHECK (debit <> account_id OR account_id >> 10 < 1000
            OR posted_after - held_after + overdraft_at >= 0
            OR code IN (11, 20, 22, 24, 30, 41, 90)),
    CONSTRAINT transfer_pending_names_its_hold
        CHECK (layer = 0 OR (hold_txn_id IS NOT NULL AND hold_generation IS NOT NULL)),
    CONSTRAINT transfer_counter_account_is_pending_only
        CHECK ((layer = 1) = (debit >> 10 = 3 OR credit >> 10 = 3))
) WITH (autovacuum_vacuum_insert_scale_factor = 0.05);
COMMENT ON TABLE transfer IS 'append-only; account_id is the customer''s side (or one of two internal ones), account_version its dense number, *_after its balances after this row';
COMMENT ON CONSTRAINT transfer_account_exists ON transfer IS 'the row the writer has locked; never the other side, an internal account: each authorisation names it, and it would be hot';
COMMENT ON COLUMN transfer.layer IS '0 posted, 1 pending (holds)';
COMMENT ON COLUMN transfer.code IS '10 authorisation, 11 forced hold, 12 released, 13 expired, 14 voided, 15 held fee, 19 online financial, 20 clearing, 21 its release, 22 fee, 23 refund, 24 refund taken back, 30 chargeback withdrawn, 31 chargeback, 40 load, 41 unload, 50 internal, 90 correction';
COMMENT ON COLUMN transfer.lane IS 'the writer''s hash chain; (lane, batch) is the row of table chain that seals this one';

CREATE INDEX transfer_at ON transfer USING brin (at) WITH (pages_per_range = 32);

-- ENABLE ALWAYS: else session_replication_role would switch them off.
CREATE TRIGGER transfer_never_changes BEFORE UPDATE OR DELETE ON transfer
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER transfer_is_never_truncated BEFORE TRUNCATE ON transfer
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE transfer ENABLE ALWAYS TRIGGER transfer_never_changes;
ALTER TABLE transfer ENABLE ALWAYS TRIGGER transfer_is_never_truncated;
