-- 0008 grants
-- Why:      the writer inserts history and moves balances, and can do nothing else to either.
-- Locks:    short ACCESS SHARE on catalogues.
-- Running:  nothing runs yet.
-- Undo:     REVOKE the same.
-- Compatible-from: 1
SET LOCAL lock_timeout = '2s';

GRANT SELECT ON ALL TABLES IN SCHEMA public TO holdfast_reader;
GRANT SELECT ON outbox TO holdfast_relay, holdfast_worker;
GRANT SELECT ON account, card TO holdfast_worker;

-- An operator's command moves money the way the daemon does.
GRANT SELECT ON account, card, message, message_refused, told, cutoff, entry, hold, inbox, transfer,
                outbox, lane, chain, anchor TO holdfast_writer, holdfast_operator;
GRANT INSERT ON message, message_refused, told, cutoff, entry, hold, inbox, transfer,
                outbox, lane, chain, anchor TO holdfast_writer, holdfast_operator;
GRANT UPDATE (posted, held, version, event_version, last_at) ON account TO holdfast_writer, holdfast_operator;
GRANT UPDATE (amount, cleared, released, state, expires_at, closed_at) ON hold TO holdfast_writer, holdfast_operator;
GRANT UPDATE (state, closed_at) ON inbox TO holdfast_writer, holdfast_operator;
GRANT USAGE ON SEQUENCE ledger_id, outbox_seq, lane_number, internal_version TO holdfast_writer, holdfast_operator;

GRANT SELECT ON audit, operation TO holdfast_operator;
GRANT INSERT ON account, card, audit, operation TO holdfast_operator;
GRANT UPDATE (status, overdraft, name) ON account TO holdfast_operator;
GRANT UPDATE (status, expiry, product) ON card TO holdfast_operator;
GRANT USAGE ON SEQUENCE account_number TO holdfast_operator;
GRANT EXECUTE ON FUNCTION add_internal_accounts(integer) TO holdfast_operator;
GRANT EXECUTE ON FUNCTION make_outbox_partitions(integer)
    TO holdfast_writer, holdfast_operator, holdfast_relay, holdfast_worker;
