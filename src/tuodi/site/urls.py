"""Which door answers which address."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("tuodi.gateway.urls")),
    path("", include("tuodi.console.urls")),
]

handler400 = "tuodi.console.errors.bad_request"
handler403 = "tuodi.console.errors.forbidden"
handler404 = "tuodi.console.errors.not_found"
handler500 = "tuodi.console.errors.broken"
