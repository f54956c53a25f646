"""Django's settings. What differs between installations comes from the environment and from the data folder."""

import os
from pathlib import Path

from tuodi.platform.base.rls import ROLE
from tuodi.platform.base.seal import Seal
from tuodi.site.database import django_settings, url
from tuodi.site.keys import keys

_KEYS = keys()

SECRET_KEY = _KEYS.django
SEAL = Seal(sealing=_KEYS.sealing, indexing=_KEYS.indexing)
CHAIN_KEY = _KEYS.chain
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
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]  # fmt: skip
LOGIN_URL = "/sign-in/"

# Chinese whatever the browser asks for: there is no LocaleMiddleware.
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("TUODI_STATIC", Path(__file__).resolve().parents[3] / "build/static"))

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
