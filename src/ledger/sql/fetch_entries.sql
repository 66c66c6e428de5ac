-- Candidate payments, whole: every entry of each payment that shares a reference with a message of the batch,
-- with the facts of the entry's message and the newest hold it keys. At most 16 payments a message (first those
-- that are named, by it or it by them, then the newest) and 300 entries a payment: more are no longer one
-- cardholder's shopping, and are decided without.
-- Most messages are a payment's first and find nothing. = ANY and not IN: an IN of columns becomes an OR, which
-- reads every entry of the account.
-- Parameters: $1 int4[] token, $2 int8[] TXn_ID, $3 int8[] Matching_Txn_ID, $4 int8[] trace key, $5 int8[] trace
--             key of the message, $6 int8[] link key, $7 int8[] acquirer reference key: one element a message,
--             NULL where absent.
-- Returns: account_id int8, payment int8, n int4, txn_id int8, role int2, trace_key int8, trace_message_key int8,
--          link_key int8, acquirer_ref_key int8, matching_txn_id int8, facts bytea, generation int2 (NULL: no
--          hold), amount int8, cleared int8, released int8, state int2, token int4, opened_at timestamptz,
--          expires_at timestamptz; in (account_id, payment, n) order.
-- Locks: none.
WITH wanted AS MATERIALIZED (
    SELECT k.txn_id AS message, c.account_id, k.*
    FROM unnest($1::int4[], $2::int8[], $3::int8[], $4::int8[], $5::int8[], $6::int8[], $7::int8[])
             AS k (token, txn_id, matching, trace, trace_message, link, acquirer_ref)
    JOIN card c ON c.token = k.token
), found AS (
    SELECT w.message, e.account_id, e.payment, true AS named
    FROM wanted w JOIN entry e ON e.account_id = w.account_id AND e.txn_id = ANY (ARRAY[w.txn_id, w.matching])
    UNION ALL
    SELECT w.message, e.account_id, e.payment, true
    FROM wanted w JOIN entry e ON e.account_id = w.account_id AND e.matching_txn_id = ANY (ARRAY[w.txn_id, w.matching])
    UNION ALL
    SELECT w.message, e.account_id, e.payment, false
    FROM wanted w JOIN entry e ON e.account_id = w.account_id AND e.trace_key = ANY (ARRAY[w.trace, w.trace_message])
    UNION ALL
    SELECT w.message, e.account_id, e.payment, false
    FROM wanted w JOIN entry e ON e.account_id = w.account_id
                              AND e.trace_message_key = ANY (ARRAY[w.trace, w.trace_message])
    UNION ALL
    SELECT w.message, e.account_id, e.payment, false
    FROM wanted w JOIN entry e ON e.account_id = w.account_id AND e.link_key = w.link
    UNION ALL
    SELECT w.message, e.account_id, e.payment, false
    FROM wanted w JOIN entry e ON e.account_id = w.account_id AND e.acquirer_ref_key = w.acquirer_ref
), newest AS (
    SELECT DISTINCT r.account_id, r.payment
    FROM (SELECT f.account_id, f.payment,
                 dense_rank() OVER (PARTITION BY f.message ORDER BY f.named DESC, f.payment DESC) AS place
          FROM found f) r
    WHERE r.place <= 16
)
SELECT e.account_id, e.payment, e.n, e.txn_id, e.role, e.trace_key, e.trace_message_key, e.link_key,
       e.acquirer_ref_key, e.matching_txn_id, m.facts, h.generation, h.amount, h.cleared, h.released,
       h.state, h.token, h.opened_at, h.expires_at
FROM newest f
JOIN entry e ON e.account_id = f.account_id AND e.payment = f.payment AND e.n <= 300
JOIN message m ON m.txn_id = e.txn_id AND m.role = e.role
LEFT JOIN LATERAL (
    SELECT * FROM hold h
    WHERE h.account_id = e.account_id AND h.txn_id = e.txn_id
    ORDER BY h.generation DESC
    LIMIT 1) h ON true
ORDER BY e.account_id, e.payment, e.n
