-- 0002 accounts and cards
-- Why:      whose money it is, and which card may ask for it.
-- Locks:    none that anybody waits for: new tables.
-- Running:  nothing runs yet.
-- Undo:     DROP TABLE card, account; DROP SEQUENCE account_number; DROP FUNCTION refuse_change, add_internal_accounts; DROP DOMAIN each.
-- Compatible-from: 1
SET LOCAL lock_timeout = '2s';

-- What a single value may be is a domain's CHECK, not the column's: PostgreSQL keeps a domain's compiled for the
-- session, and parses a table's anew for every statement and partition (docs/decisions/0010-domains.md).
CREATE DOMAIN minor_positive AS bigint
    CONSTRAINT amount_is_positive CHECK (VALUE > 0 AND VALUE <= 999999999999999);
CREATE DOMAIN minor_not_negative AS bigint CONSTRAINT minor_is_not_negative CHECK (VALUE >= 0);
CREATE DOMAIN overdraft_limit AS bigint
    CONSTRAINT overdraft_is_in_range CHECK (VALUE BETWEEN 0 AND 999999999999999);
CREATE DOMAIN ordinal AS bigint CONSTRAINT ordinal_counts_from_one CHECK (VALUE > 0);
CREATE DOMAIN ordinal_or_zero AS bigint CONSTRAINT ordinal_is_not_negative CHECK (VALUE >= 0);
CREATE DOMAIN account_ref AS bigint
    CONSTRAINT account_is_of_a_known_kind
        CHECK (VALUE >> 10 >= 1000 OR VALUE >> 10 IN (1, 3, 4, 5, 6, 7, 8, 9, 10, 11))
    CONSTRAINT account_currency_is_a_code CHECK ((VALUE & 1023) BETWEEN 1 AND 999);
CREATE DOMAIN account_kind AS smallint CONSTRAINT account_kind_is_known CHECK (VALUE IN (1, 2));
CREATE DOMAIN account_status AS smallint CONSTRAINT account_status_is_known CHECK (VALUE IN (1, 2, 8, 9));
CREATE DOMAIN side AS "char" CONSTRAINT side_is_debit_or_credit CHECK (VALUE IN ('C', 'D'));

-- The low 10 bits of an id are the ISO 4217 numeric currency, so that "both sides in one currency" is a
-- CHECK on the transfer's own row. Customers have id >> 10 >= 1000; below are the internal kinds (docs/ledger.md).
CREATE SEQUENCE account_number AS bigint START 1000 MINVALUE 1000;
COMMENT ON SEQUENCE account_number IS 'customer account id = nextval << 10 | currency';

CREATE TABLE account (
    id            account_ref PRIMARY KEY,
    currency      smallint NOT NULL GENERATED ALWAYS AS ((id & 1023)::smallint) STORED,
    kind          account_kind NOT NULL,
    normal        side NOT NULL,
    status        account_status NOT NULL DEFAULT 1,
    overdraft     overdraft_limit NOT NULL DEFAULT 0,
    posted        bigint NOT NULL DEFAULT 0,
    held          minor_not_negative NOT NULL DEFAULT 0,
    version       ordinal_or_zero NOT NULL DEFAULT 0,
    event_version ordinal_or_zero NOT NULL DEFAULT 0,
    last_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    name          text NOT NULL DEFAULT '',
    opened_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT account_kind_is_in_the_id CHECK ((kind = 1) = (id >> 10 >= 1000)),
    CONSTRAINT account_customer_is_a_liability CHECK (kind <> 1 OR normal = 'C'),
    CONSTRAINT account_internal_has_no_balance
        CHECK (kind = 1 OR (posted = 0 AND held = 0 AND version = 0 AND event_version = 0)),
    CONSTRAINT account_closed_is_empty CHECK (status <> 9 OR (posted = 0 AND held = 0))
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01);
COMMENT ON TABLE account IS 'one row an account; posted, held, version are those of its last transfer. No index on a column that changes: updates stay HOT';
COMMENT ON COLUMN account.kind IS '1 customer, 2 internal';
COMMENT ON COLUMN account.status IS '1 active, 2 blocked, 8 closing, 9 closed';
COMMENT ON COLUMN account.version IS 'transfers booked, dense';
COMMENT ON COLUMN account.event_version IS 'events raised, dense; apart from version, because either moves without the other';

CREATE FUNCTION refuse_change() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% of % refused: %', TG_OP, TG_TABLE_NAME, TG_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
END
$$;
COMMENT ON FUNCTION refuse_change() IS 'for triggers whose WHEN says what must never be: raises 23000 with the trigger''s name';

CREATE TRIGGER account_identity_never_changes BEFORE UPDATE OF id, kind ON account
    FOR EACH ROW WHEN (old.id IS DISTINCT FROM new.id OR old.kind IS DISTINCT FROM new.kind)
    EXECUTE FUNCTION refuse_change();
ALTER TABLE account ENABLE ALWAYS TRIGGER account_identity_never_changes;

-- The internal accounts of a currency, made when the currency is first used. Nothing references them
-- (a foreign key to one row that every authorisation names would make it the hottest row there is).
CREATE FUNCTION add_internal_accounts(currency integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    made integer;
BEGIN
    INSERT INTO account (id, kind, normal, name)
    SELECT k.kind << 10 | currency, 2, k.normal::"char", k.name
    FROM (VALUES (1::bigint, 'D', 'assets:bank'), (3, 'C', 'scheme:authorised'),
                 (4, 'C', 'scheme:settlement'), (5, 'C', 'income:fees'),
                 (6, 'C', 'income:fx difference'), (7, 'D', 'suspense:clearing'),
                 (8, 'D', 'assets:chargeback receivable'), (9, 'D', 'credit advance'),
                 (10, 'D', 'expenses:loss'), (11, 'C', 'unclaimed')) AS k (kind, normal, name)
    ON CONFLICT (id) DO NOTHING;
    GET DIAGNOSTICS made = ROW_COUNT;
    RETURN made;
END
$$;
REVOKE ALL ON FUNCTION add_internal_accounts(integer) FROM PUBLIC;

CREATE TABLE card (
    token      integer PRIMARY KEY CHECK (token > 0),
    account_id bigint NOT NULL REFERENCES account (id) CHECK (account_id >> 10 >= 1000),
    product    bigint NOT NULL DEFAULT 0 CHECK (product >= 0),
    status     smallint NOT NULL DEFAULT 1 CHECK (status IN (1, 2, 3, 4, 5, 6, 7, 9)),
    expiry     integer NOT NULL DEFAULT 0
               CHECK (expiry = 0 OR (expiry BETWEEN 200001 AND 999912 AND expiry % 100 BETWEEN 1 AND 12)),
    added_at   timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 90);
CREATE INDEX card_account ON card (account_id);
COMMENT ON TABLE card IS 'the processor''s public token of a card; no card number is ever stored';
COMMENT ON COLUMN card.status IS '1 active, 2 not active, 3 frozen, 4 blocked, 5 lost, 6 stolen, 7 expired, 9 closed';
COMMENT ON COLUMN card.expiry IS 'yyyymm; 0: none';

CREATE TRIGGER card_identity_never_changes BEFORE UPDATE ON card
    FOR EACH ROW WHEN (old.token IS DISTINCT FROM new.token OR old.account_id IS DISTINCT FROM new.account_id)
    EXECUTE FUNCTION refuse_change();
ALTER TABLE card ENABLE ALWAYS TRIGGER card_identity_never_changes;
CREATE TRIGGER card_closed_stays_closed BEFORE UPDATE ON card
    FOR EACH ROW WHEN (old.status IN (5, 6, 9) AND new.status NOT IN (5, 6, 9))
    EXECUTE FUNCTION refuse_change();
ALTER TABLE card ENABLE ALWAYS TRIGGER card_closed_stays_closed;
