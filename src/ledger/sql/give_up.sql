-- Gives reversals up that have waited too long: they are closed as such, and returned with their accounts, which
-- stay locked for the events that say so. Accounts that another session holds come the next time.
-- Parameters: $1 int8 microseconds of waiting, $2 int4 how many at most.
-- Returns: account_id int8, status int2, overdraft int8, posted int8, held int8, version int8, event_version int8,
--          last_at timestamptz, txn_id int8, role int2, token int4, amount int8, kind text, response text,
--          reason text, scheme text, merchant text, country text, MCC int2, actor text, request id text,
--          traceparent text, now timestamptz; in account and inbox order.
-- Locks: FOR NO KEY UPDATE on the accounts in id order, then the inbox's rows.
WITH due AS (
    SELECT id, account_id FROM inbox
    WHERE why IN (2, 3) AND state = 1 AND account_id IS NOT NULL
      AND at < clock_timestamp() - $1::int8 * interval '1 microsecond'
    ORDER BY id
    LIMIT $2::int4
), locked AS (
    SELECT a.id, a.status, a.overdraft, a.posted, a.held, a.version, a.event_version, a.last_at
    FROM account a
    WHERE a.id = ANY (ARRAY(SELECT account_id FROM due))
    ORDER BY a.id
    FOR NO KEY UPDATE SKIP LOCKED
), given_up AS (
    UPDATE inbox i SET state = 4, closed_at = clock_timestamp()
    FROM due d JOIN locked l ON l.id = d.account_id
    WHERE i.id = d.id AND i.state = 1
    RETURNING i.id, i.account_id, i.txn_id, i.role
)
SELECT l.id, l.status, l.overdraft, l.posted, l.held, l.version, l.event_version, l.last_at, m.txn_id, m.role,
       m.token, m.amount, m.kind, m.response, m.reason, m.scheme, m.merchant_name, m.merchant_country, m.mcc,
       m.actor, m.request_id, m.traceparent, clock_timestamp()
FROM given_up g
JOIN locked l ON l.id = g.account_id
JOIN message m ON m.txn_id = g.txn_id AND m.role = g.role
ORDER BY l.id, g.id
