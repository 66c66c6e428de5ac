-- Check: no role may change or delete history (docs/ledger.md, invariant 38).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with privilege as (
    select r.rolname, c.relname, p.name, has_table_privilege(r.oid, c.oid, p.name) as has
    from pg_roles r
    cross join pg_class c
    cross join (values ('UPDATE'), ('DELETE'), ('TRUNCATE')) as p (name)
    where r.rolname in ('holdfast_writer', 'holdfast_operator', 'holdfast_reader', 'holdfast_relay',
                        'holdfast_worker')
      and c.relnamespace = 'public'::regnamespace
      and c.relname in ('transfer', 'message', 'message_refused', 'told', 'cutoff', 'entry', 'outbox', 'chain',
                        'anchor', 'audit', 'operation', 'schema_migration')
), found as (
    select rolname || ' ' || name || ' on ' || relname as what from privilege where has
)
select (select count(*) from privilege) as rows, count(*) as violations, min(what) as first from found
