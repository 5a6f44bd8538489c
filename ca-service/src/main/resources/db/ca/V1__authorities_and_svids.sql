create table authority (
    id            varchar(64) primary key,
    trust_domain  varchar(255) not null,
    state         varchar(16) not null,
    certificate   bytea not null,
    -- AES-256-GCM, the key-encryption key stands in a file outside the database.
    encrypted_key bytea not null,
    created_at    timestamp with time zone not null
);

create table trust_bundle (
    trust_domain varchar(255) primary key,
    sequence     bigint not null
);

create table join_token (
    -- SHA-256 of the secret, which itself stands nowhere.
    secret_hash bytea primary key,
    spiffe_id   varchar(2048) not null,
    node_id     varchar(253) not null,
    dns_names   varchar(253)[] not null,
    created_at  timestamp with time zone not null,
    expires_at  timestamp with time zone not null,
    -- SHA-256 of the public key that it was spent on.
    spent_on    bytea
);

create index join_token_expires_at on join_token (expires_at);

create table issued_svid (
    serial       varchar(40) primary key,
    spiffe_id    varchar(2048) not null,
    node_id      varchar(253) not null,
    dns_names    varchar(253)[] not null,
    authority_id varchar(64) not null references authority (id),
    not_before   timestamp with time zone not null,
    not_after    timestamp with time zone not null,
    issued_at    timestamp with time zone not null,
    revoked_at   timestamp with time zone,
    certificate  bytea not null
);

create index issued_svid_spiffe_id on issued_svid (spiffe_id, issued_at);
