-- One row a life of a name. What was deleted stays for a while, so that a watch can tell of it.
create table resource (
    uid              uuid primary key,
    type             varchar(128) not null,
    namespace        varchar(63) not null,
    name             varchar(253) not null,
    generation       bigint not null,
    sequence         bigint not null,
    created_sequence bigint not null,
    created          timestamp with time zone not null,
    labels           jsonb not null,
    annotations      jsonb not null,
    spec             jsonb,
    conditions       jsonb not null,
    deleted          boolean not null default false
);

create unique index resource_key on resource (type, namespace, name) where not deleted;
create index resource_namespace on resource (namespace) where not deleted;
create unique index resource_sequence on resource (sequence);
create index resource_deleted on resource (sequence) where deleted;

-- What was settled when the mesh was made; one row.
create table mesh (
    mesh_id        uuid primary key,
    trust_domain   varchar(255) not null,
    root_namespace varchar(63) not null,
    default_mode   varchar(16) not null
);
