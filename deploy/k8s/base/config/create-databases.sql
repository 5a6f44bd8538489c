-- Runs once, on an empty data folder. psql reads the passwords itself, so that none stands on a command line.
\set ca_password `cat /run/secrets/ca-service-database/password`
\set policy_password `cat /run/secrets/policy-service-database/password`
create role "ca-service" login password :'ca_password';
create role "policy-service" login password :'policy_password';
create database ca owner "ca-service";
create database policy owner "policy-service";
revoke connect on database ca, policy from public;
