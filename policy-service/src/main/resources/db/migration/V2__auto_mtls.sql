-- Whether clients use mutual TLS by themselves; the one setting that may change after the mesh was made.
alter table mesh add column auto_mtls boolean not null default true;
