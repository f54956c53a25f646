"""Django's settings. What differs between installations comes from the environment and from the data folder."""

import os

from tuodi.platform.base.rls import ROLE
from tuodi.platform.base.seal import RingNow
from tuodi.site.database import django_settings, url
from tuodi.site.keys import keys

KEYS = keys()

SECRET_KEY = KEYS.now().django
SEAL = RingNow(KEYS.ring)
CHAIN = KEYS.chain
AUDIT_ENDS = KEYS.path.with_name("audit-ends.txt")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("TUODI_HOSTS", "127.0.0.1 localhost [::1]").split()

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "tuodi.platform.base",
    "tuodi.platform.registry",
    "tuodi.platform.fund",
    "tuodi.platform.settlement",
    "tuodi.platform.clearing",
    "tuodi.platform.disbursement",
    "tuodi.gateway",
    "tuodi.console",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tuodi.platform.base.content_security.ContentSecurity",
    "tuodi.platform.base.signed_in.SignedIn",  # the last one: a view runs within its scope
]
ROOT_URLCONF = "tuodi.site.urls"
WSGI_APPLICATION = "tuodi.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tuodi.platform.base.content_security.nonce",
                "tuodi.console.menu.frame",
            ]
        },
    }
]

DATABASES = {"default": django_settings(url())}
if os.environ.get("TUODI_SERVES"):
    # Whatever answers requests works below the owner of the tables: without a scope it sees no guarded row.
    DATABASES["default"]["OPTIONS"]["assume_role"] = ROLE
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "base.Staff"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("MinimumLengthValidator", {"min_length": 10}), ("UserAttributeSimilarityValidator", {}),
        ("CommonPasswordValidator", {}), ("NumericPasswordValidator", {}),
    )
]  # fmt: skip
AUTHENTICATION_BACKENDS = ["tuodi.platform.base.backend.StaffBackend"]
CSRF_FAILURE_VIEW = "tuodi.console.errors.stale"
LOGIN_URL, SIGN_OUT_URL, PASSWORD_URL, TWO_FACTOR_URL = "/sign-in/", "/sign-out/", "/password/", "/two-factor/"
# "optional" is for a demonstration on the own machine; `tuodi serve` then listens nowhere else.
TWO_FACTOR_REQUIRED = os.environ.get("TUODI_TWO_FACTOR", "required") != "optional"

# Chinese whatever the browser asks for: there is no LocaleMiddleware.
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# Served out of the package itself: nothing is collected, and nothing stale is left behind by a new release.
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 300
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Behind a proxy that speaks TLS: it must set X-Forwarded-Proto and X-Forwarded-For itself, whatever a browser sends.
PROXIES = os.environ.get("TUODI_PROXIES", "").split()
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000

# A site's own reader of electronic vouchers and cards, as `package.module.function`; see `gateway.at_desk.certificate`.
CERTIFICATE_READER = os.environ.get("TUODI_CERTIFICATE_READER", "")

# Fee lines and files of the national interface come in one message.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_IDLE_SECONDS = 30 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
