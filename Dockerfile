# syntax=docker/dockerfile:1
# ContractorHub's image: hash-locked needs, static files inside, no root, nothing to write outside /data and /tmp.
# Pin the base by digest in your build: --build-arg PYTHON_IMAGE=python:3.11-slim@sha256:...
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS needs
WORKDIR /build
COPY requirements-uv.txt requirements.txt ./
RUN python -m venv /venv \
 && /venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements-uv.txt \
 && /venv/bin/uv pip install --no-cache --python /venv/bin/python --compile-bytecode --require-hashes -r requirements.txt \
 && /venv/bin/uv pip uninstall --python /venv/bin/python uv pip

FROM ${PYTHON_IMAGE}
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    STATIC_ROOT=/app/static DATA_DIR=/data DJANGO_SETTINGS_MODULE=contractorhub.settings
RUN groupadd --gid 10001 hub && useradd --uid 10001 --gid hub --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin hub \
 && install -d -o hub -g hub -m 0700 /data
COPY --from=needs /venv /venv
WORKDIR /app
COPY manage.py pyproject.toml LICENSE THIRD_PARTY.md ./
COPY contractorhub contractorhub
COPY projects projects
COPY notifications notifications
# Collected in a scratch data folder that goes away with this layer's /tmp: no secret stays in the image.
RUN DATA_DIR=/tmp/build python manage.py collectstatic --noinput --verbosity 0 \
 && rm -rf /tmp/build && python -m compileall -q contractorhub projects notifications
USER hub
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "-c", "python:contractorhub.webserver", "contractorhub.wsgi"]
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ.get('PORT') or 8000}/healthz\", timeout=4)"]
