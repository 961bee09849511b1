# The assistant in a container; docs/operations.md tells how to run it. Nothing secret is copied in: see .dockerignore.

# --- what it needs, installed from the pinned and hashed list ---
FROM python:3.12.12-slim-bookworm AS packages
WORKDIR /app
RUN python -m venv /opt/venv
COPY requirements.txt ./
RUN /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot ./bot
COPY adapters ./adapters
COPY storage ./storage
COPY schedules ./schedules
RUN /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .

# --- the assistant alone, without what built it ---
FROM python:3.12.12-slim-bookworm
RUN groupadd --system --gid 10001 connections \
    && useradd --system --uid 10001 --gid connections --home-dir /data --shell /usr/sbin/nologin connections \
    && install --directory --owner connections --group connections --mode 700 /data
COPY --from=packages /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 DATA_DIR=/data LOG_FORMAT=json WEB_HOST=0.0.0.0 WEB_PORT=8080
USER connections
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"WEB_PORT\"]}/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["connections"]
CMD ["run"]
