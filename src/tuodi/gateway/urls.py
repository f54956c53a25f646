"""Where programs send their messages: the national interface at any path below, the plain one by its addresses."""

from django.urls import path

from tuodi.gateway.plain.urls import MOUNTED
from tuodi.gateway.views import national

urlpatterns = [
    path("fsi/api/<path:rest>", national, name="gateway-national"),
    path("fsi/api/", national),
    path("api/v1/", MOUNTED),
]
