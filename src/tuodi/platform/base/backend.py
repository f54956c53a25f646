"""How Django finds the person of a session. Nobody signs in through it: that is `base.sign_in`'s."""

from __future__ import annotations

from django.contrib.auth.backends import BaseBackend

from tuodi.platform.base.models import Staff


class StaffBackend(BaseBackend):
    """Somebody who was locked has no session any more, from the next request on."""

    def get_user(self, user_id: int) -> Staff | None:
        """The person by their number, if they may work."""
        found: Staff | None = Staff.objects.filter(pk=user_id, is_active=True).first()
        return found
