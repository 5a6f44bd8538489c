#!/usr/bin/env bash
# An HTTPS server with a certificate of its own: nginx, as the service my-nginx. Usage: https.sh ADDRESS PORT
set -euo pipefail

command -v nginx >/dev/null || {
  printf 'nginx is not on the PATH; install it, or leave out --samples https\n' >&2
  exit 1
}
folder=$(mktemp -d)
cd "$folder"
openssl req -x509 -nodes -days 365 -newkey rsa:2048 -keyout nginx.key -out nginx.crt -subj /CN=my-nginx/O=my-nginx 2>/dev/null
cat >nginx.conf <<TEXT
daemon off;
master_process off;
pid nginx.pid;
error_log stderr notice;
events {}
http {
  access_log off;
  client_body_temp_path .;
  proxy_temp_path .;
  fastcgi_temp_path .;
  uwsgi_temp_path .;
  scgi_temp_path .;
  server {
    listen $1:$2 ssl;
    server_name localhost;
    ssl_certificate nginx.crt;
    ssl_certificate_key nginx.key;
    location / {
      default_type text/html;
      return 200 "<h1>Welcome to nginx!</h1>\n";
    }
    location = /client-cert {
      return 200 "X-Forwarded-Client-Cert: [\$http_x_forwarded_client_cert]\n";
    }
  }
}
TEXT
exec nginx -e stderr -p "$folder/" -c nginx.conf
