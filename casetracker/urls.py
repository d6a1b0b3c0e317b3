from django.contrib import admin
from django.urls import include, path

urlpatterns = [path("admin/", admin.site.urls), path("", include("cases.urls"))]

handler400 = "cases.views.not_understood"
handler403 = "cases.views.not_allowed"
handler404 = "cases.views.not_found"
handler500 = "cases.views.went_wrong"
