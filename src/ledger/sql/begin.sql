-- Begins a batch. READ COMMITTED: what is read after the locks is read by later statements, which see
-- everything that was committed before the locks were had.
-- Parameters: none.   Returns: nothing.   Locks: none.
BEGIN ISOLATION LEVEL READ COMMITTED
