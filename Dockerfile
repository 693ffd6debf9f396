# syntax=docker/dockerfile:1
# docker build -t rizhi . && docker run --read-only --tmpfs /tmp -v rizhi:/data --env-file .env rizhi
# Builds the wheel in one stage and installs it in another: no compiler, no checkout, nobody but `rizhi` in what runs.
FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE constraints.txt ./
COPY bot bot
COPY content content
RUN python -m venv /opt/rizhi \
    && /opt/rizhi/bin/pip install --no-cache-dir -c constraints.txt '.[postgres,cards]' \
    && /opt/rizhi/bin/python -m compileall -q /opt/rizhi/lib

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin rizhi \
    && install -d -o 10001 -g 10001 -m 0700 /data
COPY --from=build /opt/rizhi /opt/rizhi
ENV PATH=/opt/rizhi/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATABASE_URL=sqlite:////data/rizhi.db
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
# With a webhook there is a port to ask; `rizhi run` has none.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", "import os, urllib.request as r; os.environ.get('WEBHOOK_URL') and r.build_opener(r.ProxyHandler({})).open('http://127.0.0.1:' + os.environ.get('PORT', '8080') + '/healthz', timeout=4)"]
ENTRYPOINT ["rizhi"]
CMD ["run"]
