-- Every service that has an outbox adds db/outbox to its Flyway locations; its own migrations start at V1.
-- No cache: an id taken under the outbox's lock must be the next one.
create sequence outbox_sequence as bigint start with 1 increment by 1 no cycle cache 1;

create table outbox (
    id            bigint primary key,
    topic         varchar(249) not null,
    message_key   text not null,
    message_value bytea,
    created_at    timestamp with time zone not null default now()
);
