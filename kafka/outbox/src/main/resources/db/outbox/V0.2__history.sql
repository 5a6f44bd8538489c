-- The id of this database's history, made with it; a restored backup has the same one. Only an adoption changes it.
create table outbox_history (
    only_row      boolean primary key default true check (only_row),
    history       uuid not null default gen_random_uuid(),
    -- The last number of what an adoption published, which becomes visible on the bus all at once.
    adopted_until bigint not null default 0
);

insert into outbox_history default values;

-- What came last on each topic, as far as this database knows: a database that was restored knows less than its topics.
create table outbox_published (
    topic varchar(249) primary key,
    id    bigint not null,
    token uuid not null
);

-- Goes with the record. Another history may use the same number, but never the same token.
alter table outbox add column token uuid not null default gen_random_uuid();
