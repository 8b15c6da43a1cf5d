# What is built here is copied into the image below, which holds neither pip's cache nor the checkout.
FROM python:3.11-slim AS build
RUN python -m venv /opt/clausebot
ENV PATH=/opt/clausebot/bin:$PATH
WORKDIR /build
COPY requirements.txt ./
RUN python -m pip install --no-cache-dir --disable-pip-version-check --no-compile --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY corpus corpus
COPY retrieval retrieval
# Layers keep times in whole seconds: files with such times stay those that were compiled, and that the kept corpus is of.
RUN python -m pip install --no-cache-dir --disable-pip-version-check --no-compile --no-deps --no-build-isolation --no-index . \
 && find /opt/clausebot/lib -type f -exec touch -d 2020-01-01T00:00:00Z {} + \
 && python -m compileall -q -j 0 /opt/clausebot/lib \
 && cd / && clausebot ask "GL8 5.1(c)" >/dev/null

FROM python:3.11-slim
COPY --from=build /opt/clausebot /opt/clausebot
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin clausebot \
 && mkdir /data /sources && chown clausebot: /data
ENV PATH=/opt/clausebot/bin:$PATH \
    HOST=0.0.0.0 \
    PORT=3000 \
    DATABASE_URL=sqlite:////data/records.db \
    CLAUSEBOT_SOURCES=/sources
USER 10001:10001
WORKDIR /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]
ENTRYPOINT ["clausebot"]
CMD ["serve"]
