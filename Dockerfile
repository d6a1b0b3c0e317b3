# The same Python and Debian as the tests run on: another Python may get other versions from the pinned requirements.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    XDG_CACHE_HOME=/tmp \
    MEDIA_ROOT=/srv/media

WORKDIR /srv/casetracker

COPY packages.txt ./
RUN apt-get update \
    && sed 's/#.*//' packages.txt | xargs apt-get install --yes --no-install-recommends \
    && rm -rf /var/lib/apt/lists/*

COPY requirements.txt ./
RUN pip install --require-hashes -r requirements.txt

COPY . .

# Static files are made as production serves them; the key is gone with this line. The code stays root's: the one who
# runs it can write to /srv/media and, where mounted, /tmp, and to nothing else.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
    ALLOWED_HOSTS=build.example.com SITE_URL=https://build.example.com MAIL_URL=smtp+tls://build.example.com:587 \
    python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q cases casetracker letters \
    && useradd --system --uid 10001 --home-dir /srv/casetracker --no-create-home --shell /usr/sbin/nologin casetracker \
    && install -d -o casetracker -g casetracker -m 750 /srv/media

USER casetracker
EXPOSE 8000

CMD ["gunicorn", "casetracker.wsgi", "--workers=2", "--threads=4", "--timeout=60", "--access-logfile=-", "--access-logformat=%(t)s %(m)s %(s)s %(B)s %(M)sms", "--no-control-socket", "--bind=0.0.0.0:8000"]
