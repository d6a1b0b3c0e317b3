from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "Complaints"

    def ready(self):
        from cases import checks  # noqa: F401  (registers itself)
