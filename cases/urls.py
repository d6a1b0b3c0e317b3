from django.urls import path
from django.views.generic import RedirectView

from cases import views
from cases.mine.views import my_case

app_name = "cases"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="cases:complain")),
    path("complain/", views.complain, name="complain"),
    path("my/<slug:page_key>/", my_case, name="my_case"),
    path("files/<int:pk>/", views.attachment, name="attachment"),
    path("healthz", views.healthz, name="healthz"),
    path("healthz/clockwork", views.clockwork_health, name="clockwork_health"),
]
