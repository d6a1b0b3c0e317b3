"""Which scripts, styles and frames a page may have: next to none, except in the admin, whose theme needs more."""

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.urls import reverse


class ContentSecurityPolicy(CSPMiddleware):
    """The strict policy is everybody's; what lives under the admin's address gets the looser one."""

    def get_policy_parts(self, request, response, report_only=False):
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and parts.config is None and request.path_info.startswith(reverse("admin:index")):
            parts.config = settings.ADMIN_CONTENT_SECURITY_POLICY
        return parts
