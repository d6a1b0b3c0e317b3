"""Customers: who they are, how to reach them, their cases. Contact data may be put right; what they told us stays."""

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef
from django.forms import BooleanField, ModelForm
from django.urls import path
from django.utils import timezone
from phonenumber_field.phonenumber import to_python as phone_of
from unfold.views import BaseAutocompleteView

from cases import intake
from cases.models import Case, Customer, Event
from casetracker import clock

from .desk import DeskAdmin, dress
from .seen import Seen, digest

UNTOLD = ("notes", "vulnerability")  # what they said is no history of their cases


def customers_for(user):
    """The customers with a case that `user` may open: one known only from a complaint about them stays unknown."""
    return Customer.objects.filter(Exists(Case.objects.visible_to(user).filter(customer=OuterRef("pk"))))


def correct(customer, changes, *, on, by):
    """`customer` is kept as it is now, and each of their open cases says what was put right: `changes` says so of each
    field that changed."""
    customer.save(update_fields=list(changes))
    said = "; ".join(changes.values())
    for case in customer.cases.open():
        case.record("customer corrected", f"The customer's data was put right: {said}.", on=on, by=by)


class CustomerForm(Seen, ModelForm):
    asking = None  # who corrects

    class Meta:
        model = Customer
        fields = (
            *("title", "name", "email", "phone"),
            *("street", "city", "region", "postcode", "country"),
            *("language", "wants_post", "large_print", "no_phone", "adjustments", "vulnerability", "notes"),
        )

    edits = Meta.fields

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dress(self)

    def clean_email(self):
        email = self.cleaned_data["email"]
        if email.casefold() in intake.our_addresses():
            raise ValidationError("That is our own address. Enter the customer's.")
        return email

    def clean(self):
        cleaned = super().clean()
        theirs = self.instance.cases.open()
        if theirs.exclude(pk__in=Case.objects.visible_to(self.asking)).exists():
            self.add_error(None, "One of this customer's cases is not open to you: ask a colleague to put this right.")
        return cleaned

    # --- somebody else may have saved first ---

    def stored(self):
        return Customer.objects.filter(pk=self.instance.pk).values(*self.edits).get()

    def hold(self):
        Customer.objects.select_for_update().get(pk=self.instance.pk)

    def who_changed(self):
        told = Event.objects.filter(case__in=Case.objects.visible_to(self.asking), case__customer=self.instance)
        last = told.filter(kind="customer corrected").last()
        return f"{last.by_name}, {timezone.localtime(last.at):%-d %B, %H:%M}" if last else super().who_changed()

    # --- what the history says of it ---

    def changes(self):
        """By field, what was changed in words; what is nobody's history says no more than that."""
        before = {name: self.initial.get(name) for name in self.changed_data}
        changed = {name: was for name, was in before.items() if digest(self.cleaned_data[name]) != digest(was)}
        return {name: self._said(name, was) for name, was in changed.items()}

    def _said(self, name, was) -> str:
        label = self.fields[name].label
        if name in UNTOLD:
            return f"{label} changed" if was else f"{label} added"
        if isinstance(self.fields[name], BooleanField):
            return f"{label}: {'no' if was else 'yes'}"
        return f"{label} was “{was}”" if was else f"{label} added"


class CustomerPick(BaseAutocompleteView):
    """Customers for the search box of a form, told apart by more than their name."""

    page = None

    def get(self, request, *args, **kwargs):
        if not self.page.has_view_permission(request):
            raise PermissionDenied
        return super().get(request, *args, **kwargs)

    def get_queryset(self):
        found = self.page.get_queryset(self.request)
        found, _ = self.page.get_search_results(self.request, found, self.request.GET.get("term", ""))
        return found.order_by("name", "pk")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["object_list"] = [Choice(customer) for customer in context["object_list"]]
        return context


class Choice:
    """A customer as one line of a search box."""

    def __init__(self, customer):
        self.pk, self.customer = customer.pk, customer

    def __str__(self):
        facts = (self.customer, self.customer.email, self.customer.phone, self.customer.city)
        return " · ".join(dict.fromkeys(str(fact) for fact in facts if fact))


@admin.register(Customer)
class CustomerAdmin(DeskAdmin):
    form = CustomerForm
    list_display = ("__str__", "email", "phone", "city", "country", "language")
    search_fields = ("name", "email", "phone", "city", "postcode")
    search_help_text = "Name, e-mail, phone, town, postcode"
    ordering = ("name", "pk")
    fieldsets = (
        (None, {"fields": (("title", "name"), ("email", "phone"))}),
        ("Postal address", {"fields": ("street", ("postcode", "city"), ("region", "country"))}),
        ("What they need", {"fields": (("no_phone", "large_print", "wants_post"), "adjustments", "vulnerability")}),
        ("For us", {"fields": ("language", "notes")}),
    )
    change_form_before_template = "admin/cases/customer/seen.html"
    change_form_outer_before_template = "admin/cases/customer/cases.html"

    def get_urls(self):
        pick = self.admin_site.admin_view(CustomerPick.as_view(page=self))
        return [path("pick/", pick, name="cases_customer_pick"), *super().get_urls()]

    def get_queryset(self, request):
        return customers_for(request.user)

    def get_search_results(self, request, queryset, search_term):
        phone = phone_of(search_term, region=settings.PHONENUMBER_DEFAULT_REGION)
        if phone and phone.is_valid():
            return queryset.filter(phone=phone), False
        return super().get_search_results(request, queryset, search_term)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.asking = request.user
        return form

    def change_view(self, request, object_id, form_url="", extra_context=None):
        customer = self.get_object(request, object_id)
        shown = {"customer": customer, "their_cases": self._their_cases(request, customer)}
        return super().change_view(request, object_id, form_url, (extra_context or {}) | shown)

    def _their_cases(self, request, customer):
        if customer is None:
            return ()
        theirs = Case.objects.visible_to(request.user).filter(customer__in=customer.everywhere())
        return theirs.with_promises().select_related("handler").order_by("-received_on", "-pk")[:50]

    def save_model(self, request, obj, form, change):
        changes = form.changes()
        if changes:
            correct(obj, changes, on=clock.today(), by=request.user)

    def log_change(self, request, obj, message):
        """The cases keep it in their own history."""
