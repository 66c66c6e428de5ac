-- Partitions of the outbox for today and the next seven days.
-- Parameters: none.   Returns: how many were missing int4.   Locks: SHARE UPDATE EXCLUSIVE on outbox, ACCESS EXCLUSIVE on its empty default partition, short.
SELECT make_outbox_partitions(7)
