"""Where institutions' programs send their messages: any path below, and the name that older clients use."""

from django.urls import path

from tuodi.gateway.views import national

urlpatterns = [
    path("fsi/api/<path:rest>", national, name="gateway-national"),
    path("fsi/api/", national),
]
