-- Check: the tables of history have their guards, and no session can switch them off (docs/ledger.md, invariant 8).
-- Parameters: none.
-- Columns: rows bigint (looked at), violations bigint, first text (one of them; NULL: none).
-- Locks: none.
with guarded (name) as (
    values ('transfer'), ('message'), ('chain'), ('anchor'), ('audit'), ('hold'), ('account'), ('card')
), relation as (
    select c.oid, c.relname from guarded g join pg_class c on c.relname = g.name and c.relnamespace = 'public'::regnamespace
), found as (
    select r.relname || ' has no guard' as what
    from relation r
    where not exists (select from pg_trigger t where t.tgrelid = r.oid and not t.tgisinternal)
    union all
    select r.relname || ' ' || t.tgname
    from relation r join pg_trigger t on t.tgrelid = r.oid
    where not t.tgisinternal and t.tgenabled <> 'A'
    union all
    select r.relname || ' may be truncated'
    from relation r
    where r.relname ~ '^(transfer|chain|anchor|audit)$'
      and not exists (select from pg_trigger t where t.tgrelid = r.oid and (t.tgtype & 32) <> 0)
)
select (select count(*) from relation) as rows, count(*) as violations, min(what) as first from found
